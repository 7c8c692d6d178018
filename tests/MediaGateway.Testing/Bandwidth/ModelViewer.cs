using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>
/// A viewer that knows what a person would see and hear. It asks for a key frame when a browser would: every 200 ms until the first,
/// and after 3 s without a picture (libwebrtc's <c>VideoReceiveStream2</c>). Its books are by the right time, whatever its clock shows.
/// </summary>
public sealed class ModelViewer : TestPeer
{
    private static readonly TimeSpan WaitForKeyFrame = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WaitForPicture = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RembInterval = TimeSpan.FromMilliseconds(210);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>SSRC of who receives only, as libwebrtc has it.</summary>
    private static readonly Ssrc OwnSsrc = new(1);

    private readonly SimulatedHost _host;
    private readonly ModelPublisher _publisher;
    private readonly List<int> _layers = [];
    private readonly RembEstimator? _remb;
    private MonotonicTime _nextRequest;
    private MonotonicTime _nextRemb = MonotonicTime.Never;

    /// <summary>Time between two reports of transport-wide feedback in Chromium, measured: 51 to 73 ms.</summary>
    public static readonly TimeSpan ChromiumInterval = TimeSpan.FromMilliseconds(62);

    /// <summary>The same in Firefox, measured.</summary>
    public static readonly TimeSpan FirefoxInterval = TimeSpan.FromMilliseconds(51);

    /// <summary>The same in a native client of libwebrtc whose own uplink is slow.</summary>
    public static readonly TimeSpan SlowInterval = TimeSpan.FromMilliseconds(250);

    public ModelViewer(SimulatedHost host, IDtlsContext dtls, IEntropy entropy, ModelPublisher publisher, ViewerFeedback feedback,
        TimeSpan? interval = null)
        : base(feedback == ViewerFeedback.Nothing ? new SilentDatagrams(host) : host, dtls, entropy,
            new TestPeerMedia(MediaDirection.Receive, [publisher.Video.Codec])
            {
                HasMaximum = feedback == ViewerFeedback.Remb,
                FeedbackInterval = feedback == ViewerFeedback.TransportWide ? interval ?? ChromiumInterval : null,
            })
    {
        _host = host;
        _publisher = publisher;
        Start = host.Now;
        _remb = feedback == ViewerFeedback.Remb ? new RembEstimator() : null;
        Received = new long[publisher.Video.Encodings.Length];
        Decoder = new PictureDecoder { Shown = OnShown };
    }

    public SimulatedHost Host => _host;

    /// <summary>Model of the picture that is published.</summary>
    public VideoModel Video => _publisher.Video;

    /// <summary>Time at which the viewer came.</summary>
    public MonotonicTime Start { get; }

    /// <summary>Payload bytes of each encoding.</summary>
    public long[] Received { get; }

    public SoundBook Sound { get; } = new();

    public Freezes Freezes { get; } = new();

    public PictureDecoder Decoder { get; }

    /// <summary>Time of the first packet; null before.</summary>
    public MonotonicTime? FirstPacket { get; private set; }

    /// <summary>Time of the first picture that was shown; null before.</summary>
    public MonotonicTime? FirstPicture { get; private set; }

    public int KeyFrameRequests { get; private set; }

    /// <summary>Times that pictures took from the publisher until they were shown, in the order of their coming.</summary>
    public List<TimeSpan> PictureWays { get; } = [];

    /// <summary>Estimates that were sent, and when.</summary>
    public List<(MonotonicTime Time, Bitrate Estimate)> Estimates { get; } = [];

    /// <summary>Encoding that was shown in the tenth of a second that a time is in; -1 when nothing was.</summary>
    public int LayerAt(MonotonicTime time) => time >= Start && StepOf(time) is var step && step < _layers.Count ? _layers[step] : -1;

    public override void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now)
    {
        CodecKind codec = packet.Codec.Kind;
        ReadOnlySpan<byte> payload = packet.View.Payload;
        if (!TestMediaPayload.TryRead(payload, codec, out _, out int encoding, out int number, out int index))
            return;
        FirstPacket ??= _host.Now;
        TestFrame frame = _publisher.Find(receiver.Kind, encoding, number);
        bool isAudio = receiver.Kind == MediaKind.Audio;
        _remb?.OnPacket(packet.Bytes.Length, isAudio ? _host.Now - frame.SentAt : null, _host.Now);
        if (isAudio)
        {
            Sound.OnPacket(number, frame.SentAt, _host.Now);
            return;
        }
        if (KeyFrames.StartsKeyFrame(codec, payload))
            packet.Stream.OnKeyFrame();
        Received[encoding] += payload.Length;
        Decoder.OnPacket(encoding, frame, index);
    }

    /// <summary>Asks for a key frame, as a browser does that cannot decode.</summary>
    public void AskForKeyFrame()
    {
        Transport.Rtp.RequestKeyFrame(Picture, _host.LocalTime);
        KeyFrameRequests++;
    }

    protected override MonotonicTime OnMediaTick(MonotonicTime now)
    {
        if (_nextRequest == default)
            _nextRequest = now + WaitForKeyFrame;
        if (now >= _nextRequest)
        {
            _nextRequest = now + WaitForKeyFrame;
            AskForKeyFrame();
        }
        if (_remb is { } remb && Picture.Ssrc is { } ssrc)
        {
            if (_nextRemb.IsNever || now >= _nextRemb)
            {
                _nextRemb = now + RembInterval;
                WriteRemb(remb.Take(_host.Now), ssrc);
            }
        }
        return MonotonicTime.Min(_nextRequest, _nextRemb);
    }

    private RtpReceiveStream Picture =>
        Transport.Rtp.Receivers.First(receiver => receiver.Kind == MediaKind.Video).Encodings[0];

    /// <summary>Sends an estimate, asked for or not.</summary>
    public void SendMaximum(Bitrate estimate)
    {
        if (Transport.Rtp.Receivers.First(receiver => receiver.Kind == MediaKind.Video).Encodings[0].Ssrc is { } media)
            WriteRemb(estimate, media);
    }

    /// <summary>Sends an estimate behind a report, as browsers do.</summary>
    private void WriteRemb(Bitrate estimate, Ssrc media)
    {
        if (!Transport.Rtp.Outlet.TryReserve(out Span<byte> slot))
            return;
        Estimates.Add((_host.Now, estimate));
        var writer = new RtcpWriter(slot);
        writer.WriteReceiverReport(OwnSsrc, []);
        writer.WriteSourceDescription(OwnSsrc, "viewer"u8);
        writer.WriteRemb(OwnSsrc, estimate, [media]);
        Transport.Rtp.Outlet.CommitRtcp(slot, writer.Length);
    }

    private void OnShown(TestFrame frame)
    {
        MonotonicTime now = _host.Now;
        FirstPicture ??= now;
        Freezes.OnPicture(now);
        PictureWays.Add(now - frame.SentAt);
        int step = StepOf(now);
        while (_layers.Count <= step)
            _layers.Add(-1);
        _layers[step] = Decoder.Encoding;
        _nextRequest = _host.LocalTime + WaitForPicture;
    }

    private int StepOf(MonotonicTime time) => (int)((time - Start) / Step);
}
