using System.Diagnostics;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Servers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.LoadTester.Clients;

/// <summary>
/// Watches one stream. Decrypts and checks every packet, or, when it only counts, lets media pass as it is and looks at the clear
/// part of its header.
/// </summary>
internal sealed class ViewerPeer : LoadPeer, IViewer, IViewerNegotiation
{
    private readonly IReadOnlyList<CodecKind> _codecs;
    private readonly ReceptionLog _log;
    private readonly TaskCompletionSource<TimeSpan> _playing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _isCounting;
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

    public IReadOnlyDictionary<int, Reception> Receptions => _log.Receptions;

    public long PacketsReceived { get; private set; }

    public long PacketsLost => _isCounting ? 0 : Transport.Receivers.Sum(receiver => receiver.Encodings.Sum(encoding => encoding.Statistics.PacketsLost));

    public string CreateOffer()
    {
        _offer = SessionNegotiator.CreateOffer(new OfferPolicy
        {
            Transport = LocalTransport,
            SessionId = 1,
            Media = [.. _codecs.Select(OfferedTracks.ToReceive)],
        });
        return _offer.ToString();
    }

    public void AcceptAnswer(string answer) => Negotiate(OfferedTracks.Accept(_offer!, answer));

    public string Answer(string offer)
    {
        // The offerer is passive: a lite agent learns the client's path from its first datagram.
        var policy = new AnswerPolicy { Transport = LocalTransport, SessionId = 1, Direction = MediaDirection.Receive, RequiredKinds = [], EstablishedRole = DtlsRole.Client };
        if (!SessionNegotiator.TryAnswer(OfferedTracks.Parse(offer), policy, out NegotiatedSession? session, out NegotiationError? error))
            throw new InvalidOperationException($"The server's offer cannot be answered: {error}\n{offer}");
        Negotiate(session);
        return session.LocalDescription.ToString();
    }

    public override void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now)
    {
        PacketsReceived++;
        _log.OnPayload(packet.View.Payload, packet.Codec.Kind, _arrival);
        if (!_playing.Task.IsCompleted && KeyFrames.StartsKeyFrame(packet.Codec.Kind, packet.View.Payload))
            _playing.TrySetResult(Stopwatch.GetElapsedTime(_created));
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
