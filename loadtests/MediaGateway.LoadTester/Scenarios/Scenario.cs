using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Media;

namespace MediaGateway.LoadTester.Scenarios;

/// <summary>The clients of a run and what they do; read from a file.</summary>
internal sealed record Scenario
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public required string Name { get; init; }

    public ScenarioKind Kind { get; init; }

    /// <summary>Live streams, with a publisher each.</summary>
    public int Streams { get; init; } = 1;

    /// <summary>Viewers at the start, dealt out over the streams.</summary>
    public int Viewers { get; init; } = 100;

    /// <summary>People in a meeting.</summary>
    public int Participants { get; init; } = 20;

    /// <summary>Publishers of an audio room.</summary>
    public int Speakers { get; init; } = 10;

    /// <summary>Tracks that each publisher sends.</summary>
    public IReadOnlyList<TrackSettings> Tracks { get; init; } = [new TrackSettings()];

    /// <summary>Rate at which viewers come at the start.</summary>
    public double JoinsPerSecond { get; init; } = 200;

    /// <summary>Time between the last join and the first measure: compiled code reaches its last tier.</summary>
    public double WarmUpSeconds { get; init; } = 5;

    public double Seconds { get; init; } = 10;

    /// <summary>Viewers that leave, and others that come in their place, each second of the measure.</summary>
    public double ChurnPerSecond { get; init; }

    /// <summary>Number of times in each second of the measure that some participant asks for another quality of a video track.</summary>
    public double LayerChangesPerSecond { get; init; }

    /// <summary>Viewers that come on top within the measure.</summary>
    public int Storm { get; init; }

    /// <summary>Rate at which these come; 0 for as fast as they can.</summary>
    public double StormPerSecond { get; init; }

    /// <summary>Viewers that may be on their way in at the same time.</summary>
    public int JoinsAtOnce { get; init; } = 64;

    /// <summary>One viewer in so many decrypts and checks every packet; the others count them.</summary>
    public int CheckOneIn { get; init; } = 1;

    /// <summary>
    /// More viewers come, after the first ones, until a media worker of the server is busy for this part of the time; 0 for none.
    /// </summary>
    public double UntilLoad { get; init; }

    /// <summary>True to listen to the server's garbage collector, which costs the server some of its time.</summary>
    public bool WatchCollector { get; init; }

    /// <summary>Packets a second that a viewer should receive.</summary>
    [JsonIgnore]
    public double PacketsPerViewerSecond => Tracks.Sum(track => track.PacketsPerSecond) * Kind switch
    {
        ScenarioKind.Meeting => Participants - 1,
        ScenarioKind.Audio => Speakers,
        _ => 1,
    };

    /// <summary>Clients at the start that receive: viewers, or a meeting's participants.</summary>
    [JsonIgnore]
    public int Receivers => Kind == ScenarioKind.Meeting ? Participants : Viewers;

    /// <summary>Clients that only publish.</summary>
    [JsonIgnore]
    public int Publishers => Kind switch
    {
        ScenarioKind.Meeting => 0,
        ScenarioKind.Audio => Speakers,
        _ => Streams,
    };

    /// <summary>The same with so many <see cref="Receivers"/>.</summary>
    public Scenario WithReceivers(int count) => Kind == ScenarioKind.Meeting ? this with { Participants = count }
        : this with { Viewers = count };

    /// <summary>The tracks of one publisher, numbered over the run.</summary>
    public PublishedTrack[] TracksOf(int publisher) =>
        [.. Tracks.Select((track, index) => new PublishedTrack((publisher * Tracks.Count) + index, track))];

    /// <summary>Names the stream or room that a client publishes to, or is in.</summary>
    public string RoomOf(int client) =>
        string.Create(CultureInfo.InvariantCulture, $"load-{(Kind == ScenarioKind.Livestream ? client % Streams : 0)}");

    /// <summary>Says what a receiver comes for.</summary>
    public Attendance AttendanceOf(int client) =>
        new(RoomOf(client), Kind == ScenarioKind.Meeting ? TracksOf(client) : [], [.. Tracks.Select(track => track.Codec)]);

    /// <exception cref="InvalidDataException">The file is no scenario; the message says why.</exception>
    public static Scenario Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Scenario>(File.ReadAllText(file), Format)
                ?? throw new InvalidDataException($"{file} is empty.");
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{file}: {problem.Message}", problem);
        }
    }
}
