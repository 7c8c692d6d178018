using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Dtls;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Testing.Rooms;

/// <summary>
/// A gateway, its rooms and their participants on one simulated network; the same seed gives the same run. Knows what every
/// source sent and what everybody may have, and notes whatever contradicts it.
/// </summary>
public sealed class TestMeeting : IDisposable
{
    public const string RoomName = "room";

    private readonly List<TestSource> _sources = [];
    private readonly Dictionary<TrackSid, TestSource> _bySid = [];

    private readonly Dictionary<TrackSid, TrackSid> _shown = [];

    public TestMeeting(int seed, LinkConditions? link = null, MediaWorkerOptions? options = null)
    {
        Random = new Random(seed);
        Link = link ?? LinkConditions.Perfect;
        IsLossless = Link.Loss == 0;
        Network = new SimulatedNetwork(seed);
        var entropy = new SeededEntropy(seed);
        Gateway = new SimulatedGateway(Network, new SimulatedDtlsContext(entropy), entropy, options);
    }

    public Random Random { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedGateway Gateway { get; }

    public LinkConditions Link { get; set; }

    /// <summary>The network loses nothing: nothing excuses a hole.</summary>
    public bool IsLossless { get; }

    public TimeSpan SignalDelay { get; set; } = TimeSpan.FromMilliseconds(15);

    public MonotonicTime Now => Network.Now;

    public List<TestParticipant> Participants { get; } = [];

    /// <summary>Violations seen so far: none, in a test that passes.</summary>
    public List<string> Violations { get; } = [];

    public RoomOptions RoomDefaults { get; set; } = new();

    public Room? Room => Gateway.Worker.Rooms.Find(RoomName);

    /// <summary>Joins and, once the answer is there, connects.</summary>
    public TestParticipant Join(string identity, bool single = true, Func<ParticipantOptions, ParticipantOptions>? adjust = null,
        string room = RoomName)
    {
        var options = new ParticipantOptions { Identity = identity, SinglePeerConnection = single };
        var participant = new TestParticipant(this, adjust?.Invoke(options) ?? options, room);
        Participants.Add(participant);
        participant.Join();
        return participant;
    }

    public void Run(double seconds) => Network.Run(TimeSpan.FromSeconds(seconds));

    public bool RunUntil(Func<bool> condition, double limit = 10) => Network.RunUntil(condition, TimeSpan.FromSeconds(limit));

    public void After(TimeSpan delay, Action action) => Network.After(delay, action);

    /// <summary>Runs a command as the worker would, between batches.</summary>
    public void AtGateway(Action command)
    {
        command();
        Gateway.Host.Wake();
    }

    /// <summary>True when a track is another room's view of a track, or was.</summary>
    internal bool Shows(TrackSid shown, TrackSid original)
    {
        foreach (TrackPublication track in Gateway.Worker.Rooms.All.SelectMany(room => room.PublishedTracks))
        {
            if (track is RemoteTrack { Original: { } known })
                _shown[track.Sid] = known.Sid;
        }
        return _shown.GetValueOrDefault(shown) == original;
    }

    public void Dispose()
    {
        AtGateway(() => Gateway.Worker.Drain(Now));
        foreach (TestParticipant participant in Participants)
            participant.Dispose();
        Gateway.Dtls.Dispose();
    }

    internal TestSource CreateSource(TestParticipant publisher, MediaKind kind, CodecKind codec, bool isSimulcast, string? describedCid,
        TrackSource? shows = null)
    {
        var source = new TestSource(_sources.Count, publisher, kind, codec, isSimulcast, Random, shows) { DescribedCid = describedCid };
        _sources.Add(source);
        return source;
    }

    internal TestSource? FindSource(int id) => id < _sources.Count ? _sources[id] : null;

    internal TestSource? FindSource(TrackSid sid) => _bySid.GetValueOrDefault(sid);

    internal void OnPublished(TestSource source, TrackSid sid)
    {
        source.Sid = sid;
        _bySid[sid] = source;
    }

    /// <summary>
    /// A frame of a source has reached somebody: may that be? What was sent before a right ended may have passed the gateway
    /// by then, and comes late when it has to be sent again; what was sent afterwards never comes.
    /// </summary>
    internal void CheckMayReceive(TestParticipant receiver, TestSource source, TestFrame frame)
    {
        bool mayNow = receiver != source.Publisher && source.Publisher.Rights.MaySend(source) && receiver.Rights.MayReceive(source)
            && source.Publisher.Rights.Lets(receiver.Identity);
        MonotonicTime changed = MonotonicTime.Max(receiver.Rights.ChangedAt, source.Publisher.Rights.ChangedAt);
        if (!mayNow && frame.SentAt > changed)
            Violate($"{receiver.Identity} receives {frame} of source {source.Id} of {source.Publisher.Identity}, which it may not have "
                + $"since {Elapsed(changed)}");
    }

    internal void Violate(string what) => Violations.Add($"{Elapsed(Now)}: {what}");

    private static string Elapsed(MonotonicTime time) => $"{(time - MonotonicTime.FromMilliseconds(1_000_000)).TotalSeconds:F3} s";
}
