using System.Diagnostics;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Servers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Clients;

/// <summary>A participant of a meeting on Janus: a handle that publishes, and one that is subscribed to all others as they come.</summary>
internal sealed class JanusParticipant : IViewer
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private readonly JanusServer _server;
    private readonly string _room;
    private readonly PublisherPeer _publisher;
    private readonly ViewerPeer _viewer;
    private readonly JanusSubscriber _subscriber = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly TaskCompletionSource<TimeSpan> _playing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _created = Stopwatch.GetTimestamp();
    private volatile bool _hasEnded;

    private JanusParticipant(JanusServer server, PeerSetup setup, Attendance attendance, ViewerMeasures measures, bool isCounting)
    {
        _server = server;
        _room = attendance.Room;
        _publisher = new PublisherPeer(setup, attendance.Sends);
        _viewer = new ViewerPeer(setup, attendance.Codecs, measures, isCounting);
    }

    /// <summary>The time until each track that was there when it came plays, and its own are connected.</summary>
    public Task<TimeSpan> Playing => _playing.Task;

    public IReadOnlyCollection<Reception> Receptions => _viewer.Receptions;

    public long PacketsReceived => _viewer.PacketsReceived;

    public bool IsClosed => _hasEnded || _viewer.IsClosed || _publisher.IsClosed;

    public static async Task<JanusParticipant> JoinAsync(
        JanusServer server, PeerSetup setup, Attendance attendance, ViewerMeasures measures, bool isCounting,
        CancellationToken cancellation)
    {
        var participant = new JanusParticipant(server, setup, attendance, measures, isCounting);
        (long feed, string answer) = await server.PublishFeedAsync(attendance.Room, participant._publisher.Offer, cancellation);
        participant._publisher.AcceptAnswer(answer);
        participant._subscriber.Feeds.Add(feed);
        return participant;
    }

    public void Attach(ClientLoop loop, MonotonicTime now)
    {
        _publisher.Attach(loop, now);
        _ = Task.Run(() => SubscribeAsync(loop));
    }

    public void Detach(MonotonicTime now)
    {
        _leaving.Cancel();
        _publisher.Detach(now);
        _viewer.Detach(now);
    }

    public void Dispose()
    {
        _publisher.Dispose();
        _viewer.Dispose();
        _leaving.Dispose();
    }

    private async Task SubscribeAsync(ClientLoop loop)
    {
        try
        {
            await _publisher.Connected.WaitAsync(_leaving.Token);
            await FollowAsync(loop);
            if (_subscriber.Handle is null)
                _viewer.Expect(0);
            _ = TellPlayingAsync();
            while (true)
            {
                await Task.Delay(LookInterval, _leaving.Token);
                await FollowAsync(loop);
            }
        }
        catch (OperationCanceledException)
        {
            // It goes by itself.
        }
        catch (Exception failure) when (failure is JanusException or InvalidOperationException)
        {
            _hasEnded = !_leaving.IsCancellationRequested;
            _playing.TrySetException(failure);
        }
    }

    private Task FollowAsync(ClientLoop loop) =>
        _server.SubscribeToNewAsync(_room, _subscriber, offer => _viewer.AnswerAsync(offer, loop, _leaving.Token), _leaving.Token);

    private async Task TellPlayingAsync()
    {
        await _viewer.Playing;
        _playing.TrySetResult(Stopwatch.GetElapsedTime(_created));
    }
}
