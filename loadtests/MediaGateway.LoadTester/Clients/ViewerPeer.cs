using System.Diagnostics;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Servers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Transport;
using MediaGateway.TestClient;

namespace MediaGateway.LoadTester.Clients;

/// <summary>
/// Watches a stream or a room. Decrypts and checks every packet, or, when it only counts, lets media pass as it is and looks at the clear
/// part of its header.
/// </summary>
internal sealed class ViewerPeer : LoadPeer, IViewer, IViewerNegotiation
{
    private readonly IReadOnlyList<CodecKind> _codecs;
    private readonly ReceptionLog _log;
    private readonly TaskCompletionSource<TimeSpan> _playing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _isCounting;
    private volatile int _expected = 1;
    private readonly long _created = Stopwatch.GetTimestamp();
    private SessionDescription? _offer;
    private long _arrival;

    public ViewerPeer(PeerSetup setup, IReadOnlyList<CodecKind> codecs, ViewerMeasures measures, bool isCounting)
        : base(setup)
    {
        _codecs = codecs;
        _log = new ReceptionLog(measures);
        _isCounting = isCounting;
    }

    public Task<TimeSpan> Playing => _playing.Task;

    public IReadOnlyCollection<Reception> Receptions => _log.Receptions;

    public long PacketsReceived { get; private set; }

    public string CreateOffer()
    {
        _offer = Peer.CreateOffer([.. _codecs.Select(OfferedTracks.ToReceive)]);
        return _offer.ToString();
    }

    public void AcceptAnswer(string answer) => Negotiate(Peer.AcceptAnswer(_offer!, ClientPeer.Parse(answer)));

    public string Answer(string offer)
    {
        NegotiatedSession session = Agree(offer);
        Expect(session.Media.Length);
        Negotiate(session);
        return session.LocalDescription.ToString();
    }

    /// <summary>Answers an offer, the first or a later one; what it brings is received before the answer is there.</summary>
    /// <exception cref="InvalidOperationException">It cannot be answered.</exception>
    public async Task<string> AnswerAsync(string offer, ClientLoop loop, CancellationToken cancellation)
    {
        NegotiatedSession session = Agree(offer);
        bool isFirst = Established is null;
        if (isFirst)
        {
            // What else comes is waited for by those who say so.
            _expected = Math.Max(_expected, session.Media.Length);
            Negotiate(session);
        }
        await loop.InvokeAsync(now =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (isFirst)
                Attach(loop, now);
            else
                Renegotiate(session, now);
        });
        return session.LocalDescription.ToString();
    }

    /// <summary>Sets how many tracks have to come before it plays: 1 unless this is called, 0 for none.</summary>
    public void Expect(int tracks)
    {
        _expected = tracks;
        if (tracks == 0)
            _playing.TrySetResult(Stopwatch.GetElapsedTime(_created));
    }

    /// <summary>Notes that it will never play.</summary>
    public void Fail(Exception cause) => _playing.TrySetException(cause);

    public override void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now)
    {
        PacketsReceived++;
        _log.OnPacket(packet.View, packet.Sequence, packet.Codec.Kind, _arrival);
        if (!_playing.Task.IsCompleted && _log.Begun >= _expected)
            _playing.TrySetResult(Stopwatch.GetElapsedTime(_created));
    }

    private NegotiatedSession Agree(string offer)
    {
        var policy = new AnswerPolicy
        {
            Transport = Peer.Local,
            SessionId = 1,
            Direction = MediaDirection.Receive,
            DecideSection = static _ => new SectionDecision(Receive: true, Source: null),
            AllowedCodecs = [.. _codecs],
            AcceptsData = true,
            MayBeIdle = true,
            RequiredKinds = [],
            // The offerer is passive: a lite agent learns the client's path from its first datagram.
            EstablishedRole = DtlsRole.Client,
        };
        return Peer.CreateAnswer(ClientPeer.Parse(offer), policy);
    }

    protected override void OnDatagram(Span<byte> datagram, DatagramKind kind, long arrival, MonotonicTime now)
    {
        _arrival = arrival;
        if (_isCounting && kind == DatagramKind.Rtp && _playing.Task.IsCompleted)
            PacketsReceived++;
        else
            base.OnDatagram(datagram, kind, arrival, now);
    }
}
