using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Media;
using MediaGateway.LoadTester.Servers;
using MediaGateway.Platform.Clock;
using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Attack.Calls;

/// <summary>
/// The call that goes on while the gateway is attacked: a publisher of sound and video with viewers, by WHIP and WHEP, and a meeting.
/// Each receiver authenticates every packet and compares every byte, so what was lost is known to the packet.
/// </summary>
internal sealed class Call(GatewayServer server, PeerSetup setup, MonotonicClock clock) : IAsyncDisposable
{
    public const string Stream = "call";
    public const string Room = "meeting";
    private const int Viewers = 3;
    private const int People = 3;

    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(15);

    private static readonly TrackSettings[] Tracks =
    [
        new TrackSettings { Codec = CodecKind.Vp8, Bitrate = 1_000_000 },
        new TrackSettings { Codec = CodecKind.Opus, Bitrate = 32_000, FramesPerSecond = 50 },
    ];

    private static readonly CodecKind[] Codecs = [.. Tracks.Select(track => track.Codec)];

    private readonly ClientLoop _receiving = new(clock, 0);

    // Frames are sent when they are due, whatever has come for the viewers meanwhile.
    private readonly ClientLoop _publishing = new(clock, 1);
    private readonly ViewerMeasures _measures = new();
    private readonly List<IViewer> _viewers = [];
    private PublisherPeer? _publisher;
    private int _people;

    public Victim Victim { get; private set; } = null!;

    /// <summary>Starts it, and returns once everybody plays.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        _publisher = new PublisherPeer(setup, TracksOf(0));
        string answer = await server.PublishAsync(Stream, _publisher.Offer, cancellation);
        Victim = Victim.Of(_publisher.Offer, answer);
        _publisher.AcceptAnswer(answer);
        await _publishing.InvokeAsync(now => _publisher.Attach(_publishing, now));
        await _publisher.Connected.WaitAsync(JoinLimit, cancellation);
        for (int i = 0; i < Viewers; i++)
            _viewers.Add(await WatchAsync(_measures, cancellation));
        for (int i = 0; i < People; i++)
            _viewers.Add(await MeetAsync(_measures, cancellation));
    }

    public Task<CallTotals> CountAsync() => _receiving.InvokeAsync(_ => new CallTotals(
        ReceptionTotals.Of(_viewers.SelectMany(viewer => viewer.Receptions)),
        _measures.Foreign,
        _viewers.Count(viewer => viewer.IsClosed) + (_publisher!.IsClosed ? 1 : 0)));

    /// <summary>Takes how late packets came since this was last called.</summary>
    public Task<Latency> TakeLatencyAsync() => _receiving.InvokeAsync(_ =>
    {
        var taken = new Latency();
        taken.AddAll(_measures.Latency);
        _measures.Latency.Clear();
        return taken;
    });

    /// <summary>Has somebody new join the stream and somebody the meeting, who see and hear everything, and leave.</summary>
    /// <exception cref="TimeoutException">They do not get to play.</exception>
    /// <exception cref="InvalidOperationException">They are not let in.</exception>
    public async Task ProveOpenAsync(CancellationToken cancellation)
    {
        var measures = new ViewerMeasures();
        IViewer[] guests = [await WatchAsync(measures, cancellation), await MeetAsync(measures, cancellation)];
        await _receiving.InvokeAsync(now =>
        {
            foreach (IViewer guest in guests)
                guest.Detach(now);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _receiving.InvokeAsync(now =>
        {
            foreach (IViewer viewer in _viewers)
                viewer.Detach(now);
        });
        if (_publisher is not null)
            await _publishing.InvokeAsync(_publisher.Detach);
        _receiving.ThrowIfFaulted();
        _publishing.ThrowIfFaulted();
        _receiving.Dispose();
        _publishing.Dispose();
    }

    private async Task<IViewer> WatchAsync(ViewerMeasures measures, CancellationToken cancellation)
    {
        var viewer = new ViewerPeer(setup, Codecs, measures, isCounting: false);
        viewer.Expect(Tracks.Length);
        await server.WatchAsync(Stream, viewer, cancellation);
        await PlayAsync(viewer, cancellation);
        return viewer;
    }

    private async Task<IViewer> MeetAsync(ViewerMeasures measures, CancellationToken cancellation)
    {
        int number = ++_people;
        string token = server.SignToken(Room, $"person-{number}", "canPublish", "canSubscribe");
        RoomParticipant person = await RoomParticipant.JoinAsync(
            server.SignalAddress, token, setup, new Attendance(Room, TracksOf(number), Codecs), measures, isCounting: false, cancellation);
        await PlayAsync(person, cancellation);
        return person;
    }

    private async Task PlayAsync(IViewer viewer, CancellationToken cancellation)
    {
        await _receiving.InvokeAsync(now => viewer.Attach(_receiving, now));
        await viewer.Playing.WaitAsync(JoinLimit, cancellation);
    }

    private static PublishedTrack[] TracksOf(int publisher) =>
        [.. Tracks.Select((track, index) => new PublishedTrack((publisher * Tracks.Length) + index, track))];
}
