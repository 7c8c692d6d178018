using System.Text.Json;
using System.Text.Json.Serialization;
using MediaGateway.LoadTester.Media;

namespace MediaGateway.LoadTester.Scenarios;

/// <summary>Who does what in a run; read from a file.</summary>
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

    /// <summary>What each publisher sends.</summary>
    public IReadOnlyList<TrackSettings> Tracks { get; init; } = [new TrackSettings()];

    /// <summary>How fast viewers come at the start.</summary>
    public double JoinsPerSecond { get; init; } = 200;

    /// <summary>Time between the last join and the first measure: compiled code reaches its last tier.</summary>
    public double WarmUpSeconds { get; init; } = 5;

    public double Seconds { get; init; } = 10;

    /// <summary>Viewers that leave, and others that come in their place, each second of the measure.</summary>
    public double ChurnPerSecond { get; init; }

    /// <summary>Viewers that come on top within the measure, as fast as they can.</summary>
    public int Storm { get; init; }

    /// <summary>Viewers that may be on their way in at the same time.</summary>
    public int JoinsAtOnce { get; init; } = 64;

    /// <summary>One viewer in so many decrypts and checks every packet; the others count them.</summary>
    public int CheckOneIn { get; init; } = 1;

    /// <summary>More viewers come, after the first ones, until a media worker of the server is busy for this part of the time; 0 for none.</summary>
    public double UntilLoad { get; init; }

    /// <summary>Whether to listen to the server's collector, which costs the server some of its time.</summary>
    public bool WatchCollector { get; init; }

    /// <summary>How many packets a viewer is owed a second.</summary>
    [JsonIgnore]
    public double PacketsPerViewerSecond => Tracks.Sum(track => track.PacketsPerSecond);

    /// <exception cref="InvalidDataException">The file is no scenario; the message says why.</exception>
    public static Scenario Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Scenario>(File.ReadAllText(file), Format) ?? throw new InvalidDataException($"{file} is empty.");
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{file}: {problem.Message}", problem);
        }
    }
}
