using MediaGateway.Attack.Running;
using System.Collections.Immutable;
using System.Diagnostics;
using MediaGateway.Attack.Calls;
using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Media;
using MediaGateway.LoadTester.Servers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.TestClient;
using SessionDescription = MediaGateway.Rtc.Sdp.SessionDescription;

namespace MediaGateway.Attack.Senders;

/// <summary>
/// A client with every right to be there, which does not behave: what it sends over its proven path is up to the drill. Made anywhere,
/// used on the loop of hostile clients. Ownership: leaves when disposed.
/// </summary>
internal sealed class HostilePeer : LoadPeer, IViewerNegotiation
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(10);

    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TappedDtlsContext _dtls;
    private readonly Site _site;
    private SessionDescription? _offer;
    private SignalConnection? _signaling;

    private HostilePeer(Site site, TappedDtlsContext dtls)
        : base(site.Setup with { Dtls = dtls, Address = OngoingAttack.NextAddress() })
    {
        _site = site;
        _dtls = dtls;
    }

    /// <summary>The number of the newest packet received of each source.</summary>
    public Dictionary<Ssrc, SequenceNumber> Newest { get; } = [];

    /// <summary>The end of the DTLS connection beneath its transport.</summary>
    public TappedEndpoint Dtls => _dtls.Endpoint!;

    public Task Connected => _connected.Task;

    /// <summary>A viewer of the call's stream; not connected before <see cref="ConnectAsync"/>.</summary>
    public static async Task<HostilePeer> WatchAsync(Site site)
    {
        HostilePeer peer = Create(site);
        await site.Server.WatchAsync(Call.Stream, peer, CancellationToken.None);
        return peer;
    }

    /// <summary>A publisher of a stream of its own.</summary>
    public static async Task<HostilePeer> PublishAsync(Site site, string stream)
    {
        HostilePeer peer = Create(site);
        peer._offer = peer.Peer.CreateOffer([OfferedTracks.ToSend(new TrackSettings(), 0)]);
        peer.AcceptAnswer(await site.Server.PublishAsync(stream, peer._offer.ToString(), CancellationToken.None));
        return peer;
    }

    /// <summary>A participant of the call's room with the connection that data channels are on.</summary>
    public static async Task<HostilePeer> MeetAsync(Site site, string identity)
    {
        HostilePeer peer = Create(site);
        string token = site.Server.SignToken(Call.Room, identity, "canSubscribe", "canPublishData");
        peer._signaling = await SignalConnection.OpenAsync(site.Server.SignalAddress, token, CancellationToken.None);
        while (await peer._signaling.ReceiveAsync() is { } message)
        {
            if (message.MessageCase != SignalResponse.MessageOneofCase.Offer)
                continue;
            string answer = peer.Answer(message.Offer.Sdp);
            await peer._signaling.SendAsync(new SignalRequest
            { Answer = new() { Type = "answer", Sdp = answer, Id = message.Offer.Id } });
            _ = peer.IgnoreAsync();
            return peer;
        }
        throw new InvalidOperationException("The gateway offered a participant no connection.");
    }

    /// <summary>Proves its path and shakes hands.</summary>
    public async Task ConnectAsync()
    {
        await OnLoopAsync(now => Attach(_site.Loop, now));
        await _connected.Task.WaitAsync(Limit);
    }

    /// <summary>Connects a viewer, and returns once packets of both tracks have come.</summary>
    public async Task PlayAsync()
    {
        const int Tracks = 2;
        await ConnectAsync();
        await UntilAsync(() => Newest.Count >= Tracks);
    }

    /// <summary>Connects a participant, and returns once it has an SCTP association.</summary>
    public async Task AssociateAsync()
    {
        await ConnectAsync();
        await UntilAsync(() => Dtls.IsAssociated);
    }

    public Task OnLoopAsync(Action<MonotonicTime> action) => _site.Loop.InvokeAsync(action);

    /// <summary>Does something so many times a second on the loop until the attack is over.</summary>
    public async Task RepeatAsync(OngoingAttack attack, int perSecond, Action<int, MonotonicTime> act)
    {
        const int StepsPerSecond = 100;
        int number = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / StepsPerSecond));
        while (!attack.IsOver && await timer.WaitForNextTickAsync())
        {
            await OnLoopAsync(now =>
            {
                for (int i = 0; i < perSecond / StepsPerSecond; i++)
                    act(number++, now);
            });
            attack.Count(perSecond / StepsPerSecond);
        }
    }

    /// <summary>Sends a datagram as it is. On the loop's thread, like everything below.</summary>
    public void SendRaw(ReadOnlySpan<byte> datagram)
    {
        datagram.CopyTo(Reserve());
        Commit(datagram.Length, default);
    }

    /// <summary>Sends an RTCP packet, protected as it has to be.</summary>
    public void SendRtcp(ReadOnlySpan<byte> packet)
    {
        if (!Transport.Rtp.Outlet.TryReserve(out Span<byte> slot))
            return;
        packet.CopyTo(slot);
        Transport.Rtp.Outlet.CommitRtcp(slot, packet.Length);
    }

    /// <summary>Sends an RTP packet, protected as it has to be; the same index under one SSRC only once, or it is a replay.</summary>
    public void SendRtp(ReadOnlySpan<byte> packet, int headerLength, Ssrc ssrc, ExtendedSequence index)
    {
        if (!Transport.Rtp.Outlet.TryReserve(out Span<byte> slot))
            return;
        packet.CopyTo(slot);
        Transport.Rtp.Outlet.Commit(slot, packet.Length, headerLength, ssrc, index);
    }

    public Task LeaveAsync() => OnLoopAsync(now =>
    {
        Detach(now);
        _signaling?.Dispose();
    });

    public string CreateOffer()
    {
        _offer = Peer.CreateOffer([OfferedTracks.ToReceive(CodecKind.Vp8, 0), OfferedTracks.ToReceive(CodecKind.Opus, 1)]);
        return _offer.ToString();
    }

    public void AcceptAnswer(string answer) => Negotiate(Peer.AcceptAnswer(_offer!, ClientPeer.Parse(answer)));

    public string Answer(string offer)
    {
        ImmutableArray<CodecKind> codecs = [CodecKind.Vp8, CodecKind.Opus];
        NegotiatedSession session = Peer.CreateAnswer(ClientPeer.Parse(offer), new AnswerPolicy
        {
            Transport = Peer.Local,
            SessionId = 1,
            Direction = MediaDirection.Receive,
            DecideSection = static _ => new SectionDecision(Receive: true, Source: null),
            AllowedCodecs = codecs,
            AcceptsData = true,
            MayBeIdle = true,
            RequiredKinds = [],
            EstablishedRole = DtlsRole.Client,
        });
        Negotiate(session);
        return session.LocalDescription.ToString();
    }

    public override void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now) =>
        Newest[packet.View.Ssrc] = packet.View.SequenceNumber;

    protected override void OnConnected(MonotonicTime now) => _connected.TrySetResult();

    private static HostilePeer Create(Site site) => new(site, new TappedDtlsContext(site.Setup.Dtls));

    /// <exception cref="TimeoutException">It does not become so.</exception>
    private async Task UntilAsync(Func<bool> isSo)
    {
        long start = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(LookInterval);
        bool isReached = false;
        while (!isReached)
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
                throw new TimeoutException("A hostile client did not get as far as where its attack begins.");
            await timer.WaitForNextTickAsync(CancellationToken.None);
            await OnLoopAsync(_ => isReached = isSo());
        }
    }

    private async Task IgnoreAsync()
    {
        while (await _signaling!.ReceiveAsync() is not null)
        {
        }
    }
}
