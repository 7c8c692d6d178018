using System.Diagnostics;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Media;
using MediaGateway.LoadTester.Servers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Signaling.Messages;

namespace MediaGateway.LoadTester.Clients;

/// <summary>
/// A participant of one of the gateway's rooms, with two connections: it offers the one it sends on, and answers the offers for the
/// one it receives on, a longer one with each participant that comes. Signaling runs on the thread pool, media on the loop.
/// </summary>
internal sealed class RoomParticipant : IPublisher, IViewer, ILayerChooser
{
    private const int FullWidth = 1280;
    private const int FullHeight = 720;

    private readonly IReadOnlyList<PublishedTrack> _sends;
    private readonly PublisherPeer? _publisher;
    private readonly ViewerPeer _viewer;
    private readonly TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _created = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _leaving = new();
    private SignalConnection? _signaling;
    private string _sid = "";
    private volatile string[] _videos = [];
    private volatile bool _hasEnded;
    private int _unpublished;

    private RoomParticipant(PeerSetup setup, Attendance attendance, ViewerMeasures measures, bool isCounting)
    {
        _sends = attendance.Sends;
        _unpublished = _sends.Count;
        _publisher = _sends.Count == 0 ? null : new PublisherPeer(setup, _sends);
        _viewer = new ViewerPeer(setup, attendance.Codecs, measures, isCounting);
        Connected = ConnectAsync();
        Playing = PlayAsync();
    }

    /// <summary>Completes once its media flows and the room has its tracks.</summary>
    public Task Connected { get; }

    /// <summary>
    /// The time from the opening of its WebSocket until each track that was there when it came plays, and its own are in the room.
    /// </summary>
    public Task<TimeSpan> Playing { get; }

    public IReadOnlyCollection<Reception> Receptions => _viewer.Receptions;

    public long PacketsReceived => _viewer.PacketsReceived;

    public long PacketsSent => _publisher?.PacketsSent ?? 0;

    public bool IsClosed => _hasEnded || _viewer.IsClosed || _publisher is { IsClosed: true };

    /// <summary>Joins; nothing is negotiated before it is attached to a loop.</summary>
    /// <param name="address">Of the gateway, <c>ws:</c>.</param>
    /// <param name="token">For the room.</param>
    /// <param name="setup">What clients share.</param>
    /// <param name="attendance">What it comes for.</param>
    /// <param name="measures">Where latencies go.</param>
    /// <param name="isCounting">Whether it only counts, once it plays.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<RoomParticipant> JoinAsync(
        Uri address, string token, PeerSetup setup, Attendance attendance, ViewerMeasures measures, bool isCounting,
        CancellationToken cancellation)
    {
        var participant = new RoomParticipant(setup, attendance, measures, isCounting);
        try
        {
            participant._signaling = await SignalConnection.OpenAsync(address, token, cancellation);
            SignalResponse? first = await participant._signaling.ReceiveAsync(cancellation);
            participant.OnJoined(first?.Join ?? throw new InvalidOperationException($"The gateway does not let a participant in: {first}"));
            return participant;
        }
        catch
        {
            participant.Dispose();
            throw;
        }
    }

    public void Attach(ClientLoop loop, MonotonicTime now) => _ = Task.Run(() => SignalAsync(loop));

    public void Detach(MonotonicTime now)
    {
        _leaving.Cancel();
        _publisher?.Detach(now);
        _viewer.Detach(now);
        _ = LeaveAsync();
    }

    public async Task ChangeLayerAsync(Random random)
    {
        string[] videos = _videos;
        if (videos.Length == 0)
            return;
        var settings = new UpdateTrackSettings { Quality = (VideoQuality)random.Next((int)VideoQuality.High + 1) };
        settings.TrackSids.Add(videos[random.Next(videos.Length)]);
        await _signaling!.SendAsync(new SignalRequest { TrackSetting = settings });
    }

    public void Dispose()
    {
        _signaling?.Dispose();
        _publisher?.Dispose();
        _viewer.Dispose();
        _leaving.Dispose();
    }

    private async Task ConnectAsync()
    {
        if (_publisher is not null)
            await Task.WhenAll(_publisher.Connected, _published.Task);
    }

    private async Task<TimeSpan> PlayAsync()
    {
        await Connected;
        TimeSpan connected = Stopwatch.GetElapsedTime(_created);
        TimeSpan received = await _viewer.Playing;
        return _publisher is null || received > connected ? received : connected;
    }

    private async Task LeaveAsync()
    {
        await _signaling!.SendAsync(new SignalRequest { Leave = new LeaveRequest { Reason = DisconnectReason.ClientInitiated } });
        _signaling.Dispose();
    }

    private void OnJoined(JoinResponse join)
    {
        _sid = join.Participant.Sid;
        OnParticipants(join.OtherParticipants);
        _viewer.Expect(join.Participant.Permission.CanSubscribe ? join.OtherParticipants.Sum(other => other.Tracks.Count) : 0);
    }

    /// <summary>Reads until the connection ends, or the participant goes.</summary>
    private async Task SignalAsync(ClientLoop loop)
    {
        try
        {
            await PublishAsync();
            while (await _signaling!.ReceiveAsync(_leaving.Token) is { } message)
                await OnMessageAsync(message, loop);
            End(new InvalidOperationException("The gateway has ended the signaling."));
        }
        catch (OperationCanceledException)
        {
            // It goes by itself.
        }
        catch (InvalidOperationException failure)
        {
            End(failure);
        }
    }

    private void End(Exception cause)
    {
        if (_leaving.IsCancellationRequested)
            return;
        _hasEnded = true;
        _published.TrySetException(cause);
        _viewer.Fail(cause);
    }

    private async Task PublishAsync()
    {
        if (_publisher is null)
            return;
        for (int i = 0; i < _sends.Count; i++)
            await _signaling!.SendAsync(new SignalRequest { AddTrack = RequestOf(i, _sends[i].Settings) });
        await _signaling!.SendAsync(new SignalRequest
        { Offer = new SessionDescription { Type = "offer", Sdp = _publisher.Offer, Id = 1 } });
    }

    private async Task OnMessageAsync(SignalResponse message, ClientLoop loop)
    {
        switch (message.MessageCase)
        {
            case SignalResponse.MessageOneofCase.Answer:
                _publisher!.AcceptAnswer(message.Answer.Sdp);
                await loop.InvokeAsync(now =>
                {
                    if (!_leaving.IsCancellationRequested)
                        _publisher.Attach(loop, now);
                });
                break;
            case SignalResponse.MessageOneofCase.Offer:
                string answer = await _viewer.AnswerAsync(message.Offer.Sdp, loop, _leaving.Token);
                await _signaling!.SendAsync(new SignalRequest
                { Answer = new SessionDescription { Type = "answer", Sdp = answer, Id = message.Offer.Id } });
                break;
            case SignalResponse.MessageOneofCase.TrackPublished when --_unpublished == 0:
                _published.TrySetResult();
                break;
            case SignalResponse.MessageOneofCase.Update:
                OnParticipants(message.Update.Participants);
                break;
            case SignalResponse.MessageOneofCase.Leave:
                throw new InvalidOperationException($"The gateway has a participant leave: {message.Leave.Reason}.");
            case SignalResponse.MessageOneofCase.RequestResponse when message.RequestResponse.Reason != RequestResponse.Types.Reason.Ok:
                throw new InvalidOperationException($"The gateway refuses a request: {message.RequestResponse}.");
            default:
                break;
        }
    }

    private void OnParticipants(IEnumerable<ParticipantInfo> participants)
    {
        var videos = new HashSet<string>(_videos);
        foreach (ParticipantInfo other in participants.Where(other => other.Sid != _sid))
        {
            string[] theirs = [.. other.Tracks.Where(track => track.Type == TrackType.Video).Select(track => track.Sid)];
            if (other.State == ParticipantInfo.Types.State.Disconnected)
                videos.ExceptWith(theirs);
            else
                videos.UnionWith(theirs);
        }
        _videos = [.. videos];
    }

    private static AddTrackRequest RequestOf(int index, TrackSettings track)
    {
        var request = new AddTrackRequest
        {
            Cid = OfferedTracks.NameOf(index),
            Name = OfferedTracks.NameOf(index),
            Type = track.IsAudio ? TrackType.Audio : TrackType.Video,
            Source = track.IsAudio ? TrackSource.Microphone : TrackSource.Camera,
        };
        if (track.IsAudio)
            return request;
        (request.Width, request.Height) = (FullWidth, FullHeight);
        for (int i = 0; i < track.Encodings.Count; i++)
        {
            int reduction = track.Encodings.Count - 1 - i;
            request.Layers.Add(new VideoLayer
            {
                Quality = (VideoQuality)i,
                Width = (uint)(FullWidth >> reduction),
                Height = (uint)(FullHeight >> reduction),
                Bitrate = (uint)track.Encodings[i],
                Rid = OfferedTracks.RidOf(i).Value,
            });
        }
        return request;
    }
}
