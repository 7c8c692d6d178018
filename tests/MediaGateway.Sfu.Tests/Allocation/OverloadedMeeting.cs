using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.Sfu.Tests.Rooms;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>
/// A meeting of eight on a gateway whose work takes time: one speaks, and shares a screen, with a camera on; four others have theirs
/// on, and three only watch. All cameras have three layers.
/// </summary>
internal sealed class OverloadedMeeting : IDisposable
{
    public const int High = 2;

    private const int Watchers = 3;
    private const int Cameras = 4;

    private readonly double _fullRate;
    private readonly Dictionary<(TestParticipant, TestSource), int> _marks = [];
    private readonly Dictionary<TestSource, int> _sent = [];

    public OverloadedMeeting(int seed)
    {
        Meeting = new TestMeeting(seed);
        Speaker = Meeting.Join("speaker");
        Voice = Speaker.Publish(MediaKind.Audio);
        Voice.Decibels = 20;
        SpeakerCamera = Publish(Speaker);
        Screen = Speaker.Publish(MediaKind.Video, shows: TrackSource.ScreenShare);
        Screen.Interval = TimeSpan.FromMilliseconds(100);
        Screen.PacketsPerFrame = [4];
        for (int i = 0; i < Cameras; i++)
            Others.Add(Publish(Meeting.Join($"camera{i}", single: i % 2 == 0)));
        for (int i = 0; i < Watchers; i++)
            Meeting.Join($"watcher{i}", single: i % 2 == 0);
        Meeting.RunSoundly(4);
        long before = Meeting.Gateway.Host.DatagramsSent;
        Meeting.RunSoundly(4);
        _fullRate = (Meeting.Gateway.Host.DatagramsSent - before) / 4.0;
        History = new LoadHistory(Meeting.Gateway);
    }

    public TestMeeting Meeting { get; }

    public TestParticipant Speaker { get; }

    public TestSource Voice { get; }

    public TestSource SpeakerCamera { get; }

    public TestSource Screen { get; }

    /// <summary>Cameras of those who are silent.</summary>
    public List<TestSource> Others { get; } = [];

    public IEnumerable<TestParticipant> Listeners => Meeting.Participants.Where(participant => participant != Speaker);

    public TestParticipant Watcher => Meeting.Participants[^1];

    public LoadHistory History { get; }

    public int Level => Meeting.Gateway.Worker.SheddingLevel;

    /// <summary>Sets the load, in cores, that sending everything to everybody takes from now on.</summary>
    public void Offer(double cores) =>
        Meeting.Gateway.Host.SetCost(new WorkCost(TimeSpan.FromMicroseconds(10), TimeSpan.FromSeconds(cores / _fullRate)));

    public void Run(double seconds) => Meeting.RunSoundly(seconds);

    /// <summary>Begins to count what everybody decodes.</summary>
    public void Mark()
    {
        foreach (TestSource source in Meeting.Participants.SelectMany(participant => participant.Sources))
        {
            _sent[source] = source.Encodings[^1].Frames.Count;
            foreach (TestParticipant participant in Meeting.Participants)
                _marks[(participant, source)] = participant.Decoded(source);
        }
    }

    /// <summary>Share of the frames sent since <see cref="Mark"/> that a participant has decoded.</summary>
    public double ShareOf(TestParticipant participant, TestSource source) =>
        (participant.Decoded(source) - _marks[(participant, source)]) / (double)(source.Encodings[^1].Frames.Count - _sent[source]);

    public double LeastShareOf(TestSource source) =>
        Listeners.Where(listener => listener != source.Publisher).Min(listener => ShareOf(listener, source));

    public double MeanShareOf(IEnumerable<TestSource> sources) =>
        sources.Average(source => Listeners.Where(listener => listener != source.Publisher).Average(listener => ShareOf(listener, source)));

    /// <summary>Returns the encoding that a participant was sent last.</summary>
    public static int EncodingOf(TestParticipant participant, TestSource source) => participant.ReceptionOf(source)!.Encoding;

    /// <summary>Nobody misses a packet of what it is sent.</summary>
    public void AssertNothingLost()
    {
        Assert.Equal(0, Meeting.Gateway.Host.DatagramsLost);
        Assert.Equal(0, Meeting.Participants.SelectMany(participant => participant.Receptions).Sum(reception => reception.Lost));
    }

    public void Dispose() => Meeting.Dispose();

    private static TestSource Publish(TestParticipant participant)
    {
        TestSource camera = participant.Publish(MediaKind.Video, isSimulcast: true);
        camera.PacketsPerFrame = [1, 2, 6];
        return camera;
    }
}
