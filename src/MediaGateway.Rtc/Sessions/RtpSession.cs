using System.Collections.Immutable;
using System.Diagnostics;
using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Srtp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Sessions;

/// <summary>
/// RTP and RTCP with one remote (RFC 3550): what is received from it, what is sent to it, and the feedback on both. It knows nothing
/// of how the path was found or how the keys were agreed on: a transport opens it, hands it datagrams and asks for its deadline.
/// <para><b>Where there are keys, only an authenticated packet changes any state.</b></para>
/// </summary>
public sealed class RtpSession : IDisposable
{
    /// <summary>
    /// Number of sources that a remote may have over time, since SRTP forgets none: each track that is published anew brings up
    /// to six (three encodings, each with retransmission).
    /// </summary>
    private const int MaxRemoteSources = 1024;

    private readonly SsrcTable _sources = new();
    private readonly SenderTable _senders;
    private readonly RtcpSession _rtcp;
    private IMediaHandler? _handler;

    /// <summary>Path that packets leave on, or left on while there is none.</summary>
    private NetworkPath _lastPath;
    private SrtpSender? _srtpSender;
    private SrtpReceiver? _srtpReceiver;

    /// <param name="options">The clock and the names in reports.</param>
    /// <param name="sections">The sections that were negotiated; none for a session whose streams are added one by one.</param>
    /// <param name="entropy">First sequence numbers, our own SSRC, the phase of reports.</param>
    internal RtpSession(RtpSessionOptions options, ImmutableArray<NegotiatedMedia> sections, IEntropy entropy)
    {
        Congestion = new CongestionController(options.EstimatesBandwidth, options.MaxBitrate, options.InitialBitrate);
        Outlet = new PacketOutlet(Congestion);
        _senders = new SenderTable(Outlet, entropy);
        _senders.Check(sections);
        _senders.Update(sections);
        _sources.Update(sections);
        _rtcp = new RtcpSession(options, Outlet, _sources, _senders, entropy);
        Configure(sections);
    }

    public IReadOnlyList<RtpReceiver> Receivers => _sources.Receivers;

    public IReadOnlyList<RtpSender> Senders => _senders.Senders;

    /// <summary>Knowledge of the way to the remote: what was sent, and what feedback says of it.</summary>
    public CongestionController Congestion { get; }

    /// <summary>Our clock against the remote's, from its sender reports.</summary>
    public RemoteClock RemoteClock => _rtcp.RemoteClock;

    /// <summary>The way out for all that the session sends.</summary>
    internal PacketOutlet Outlet { get; }

    /// <summary>Latest time at which <see cref="OnTimeout"/> is to be called while the session is open.</summary>
    internal MonotonicTime NextDeadline => MonotonicTime.Min(_rtcp.NextDeadline, Congestion.NextDeadline);

    /// <summary>The receiver of a section; null when nothing is received in it.</summary>
    public RtpReceiver? FindReceiver(Mid mid) => _sources.Find(mid);

    /// <summary>The sender of a section; null when nothing is sent in it.</summary>
    public RtpSender? FindSender(Mid mid) => _senders.Find(mid);

    /// <summary>Asks the remote for a key frame of one encoding; requests that follow closely become one.</summary>
    public void RequestKeyFrame(RtpReceiveStream stream, MonotonicTime now)
    {
        stream.RequestKeyFrame(now);
        _rtcp.OnStreamDeadline(stream);
    }

    public void Dispose()
    {
        _srtpSender?.Dispose();
        _srtpReceiver?.Dispose();
    }

    /// <summary>Hands the session over to a worker.</summary>
    internal void Attach(IDatagramSender datagrams, IMediaHandler handler)
    {
        _handler = handler;
        Outlet.Attach(datagrams);
    }

    /// <summary>Begins to send and to receive.</summary>
    /// <param name="keys">The keys that protect both directions; null for packets in the clear, as over a trusted network.</param>
    /// <param name="now">The time from which reports are due.</param>
    internal void Open(SrtpMasterKeys? keys, MonotonicTime now)
    {
        Debug.Assert(_srtpSender is null, "New keys would begin the packet indices anew.");
        if (keys is not null)
        {
            _srtpSender = new SrtpSender(keys.Profile, keys.LocalKey, keys.LocalSalt);
            _srtpReceiver = new SrtpReceiver(keys.Profile, keys.RemoteKey, keys.RemoteSalt, MaxRemoteSources);
        }
        Outlet.Open(_srtpSender);
        _rtcp.Start(now);
    }

    /// <summary>Sets the path that packets leave on.</summary>
    internal void SetPath(in NetworkPath path, MonotonicTime now)
    {
        if (path == Outlet.Path)
            return;
        Outlet.SetPath(path);
        if (path.IsNone || path == _lastPath)
            return;
        if (!_lastPath.IsNone)
            Congestion.OnPathChanged(now);
        _lastPath = path;
    }

    /// <summary>Receives one more stream, or several encodings of one. Sources that are not declared are bound by their packets.</summary>
    internal RtpReceiver AddReceiver(Mid mid, MediaFormat format, ImmutableArray<Rid> encodings, ImmutableArray<RemoteSource> sources)
    {
        RtpReceiver receiver = _sources.Add(mid, format, encodings, sources);
        _rtcp.Configure(reducedSize: false, HasVideo());
        return receiver;
    }

    /// <summary>Sends one more stream.</summary>
    /// <exception cref="ArgumentException">An SSRC that is or was in use in this session.</exception>
    internal RtpSender AddSender(Mid mid, MediaFormat format, Ssrc ssrc, Ssrc? retransmission)
    {
        RtpSender sender = _senders.Add(mid, format, ssrc, retransmission);
        _rtcp.Configure(reducedSize: false, HasVideo());
        ConfigureCongestion();
        return sender;
    }

    /// <summary>Takes over a later negotiation: streams whose section is still the same go on, the others end with a BYE.</summary>
    /// <exception cref="ArgumentException">A new sender under an SSRC that was in use; nothing has changed.</exception>
    internal void Update(ImmutableArray<NegotiatedMedia> sections, MonotonicTime now)
    {
        _senders.Check(sections);
        List<RtpSender> removed = _senders.Update(sections);
        _sources.Update(sections);
        Configure(sections);
        _rtcp.OnUpdated(now);
        _rtcp.WriteGoodbye(removed);
    }

    /// <summary>Writes what is due: reports, feedback, requests.</summary>
    internal void OnTimeout(MonotonicTime now)
    {
        if (_rtcp.NextDeadline <= now)
            _rtcp.OnTimeout(now);
        Congestion.OnTimeout(now);
    }

    /// <summary>Says that all our streams have ended (RFC 3550 section 6.6).</summary>
    internal void WriteGoodbye() => _rtcp.WriteGoodbye();

    internal DropReason OnRtcp(Span<byte> datagram, MonotonicTime now)
    {
        if (!Outlet.IsOpen)
            return DropReason.NoKeys;
        int length = datagram.Length;
        DropReason reason = _srtpReceiver?.UnprotectRtcp(datagram, out length) ?? DropReason.None;
        return reason == DropReason.None ? _rtcp.OnCompound(datagram[..length], _handler!, now) : reason;
    }

    internal DropReason OnRtp(Span<byte> datagram, MonotonicTime now)
    {
        if (!Outlet.IsOpen)
            return DropReason.NoKeys;
        if (!RtpHeader.TryParse(datagram, out RtpHeader header))
            return DropReason.Malformed;
        int length = datagram.Length;
        ExtendedSequence index = default;
        DropReason reason = _srtpReceiver?.UnprotectRtp(datagram, header, out length, out index) ?? DropReason.None;
        if (reason != DropReason.None)
            return reason;
        Span<byte> packet = datagram[..length];
        if (!RtpPacketView.TryParse(packet, header, out RtpPacketView view))
            return DropReason.Malformed;
        if (view.PaddingLength > 0)
        {
            // Whoever keeps the packet reads it again: then the header must not speak of padding that is gone.
            packet = RtpPacketRestorer.RemovePadding(packet, view.PaddingLength);
            if (!RtpPacketView.TryParse(packet, out view))
                return DropReason.Malformed;
        }
        if (!_sources.TryGet(header.Ssrc, out StreamBinding? binding))
            binding = _sources.Bind(view);
        if (binding is null)
            return DropReason.UnknownStream;
        byte transportSequenceId = binding.Receiver.Extensions.IdOf(HeaderExtensionKind.TransportSequenceNumber);
        if (view.TryGetExtension(transportSequenceId, out ReadOnlySpan<byte> transportSequence) && transportSequence.Length >= 2)
            _rtcp.OnTransportSequence(transportSequence, header.Ssrc, now);
        if (binding.IsRetransmission)
            return OnRetransmission(binding, packet, view, now);
        return OnMedia(binding, packet, view, _srtpReceiver is null ? IndexOf(binding.Stream, header.SequenceNumber) : index, now);
    }

    /// <summary>
    /// The number with its roll-over counter, as SRTP reckons it (RFC 3711 section 3.3.1): a new source begins with counter 0.
    /// </summary>
    private static ExtendedSequence IndexOf(RtpReceiveStream stream, SequenceNumber number) =>
        stream.HasReceived ? ExtendedSequence.Nearest(number, stream.Statistics.Highest) : new ExtendedSequence(number.Value);

    private DropReason OnMedia(StreamBinding binding, ReadOnlySpan<byte> packet, in RtpPacketView view, ExtendedSequence index,
        MonotonicTime now)
    {
        RtpCodec? codec = binding.Receiver.CodecOf(view.PayloadType);
        if (codec is null)
            return DropReason.UnknownPayloadType;
        RtpReceiveStream stream = binding.Stream;
        bool isNew = stream.OnPacket(index, view.Timestamp, view.Payload.Length, now);
        _rtcp.OnStreamDeadline(stream);
        return isNew ? Deliver(binding, codec, index, packet, view, now) : DropReason.DuplicateOrOld;
    }

    /// <summary>
    /// RFC 4588 section 4: the original sequence number stands before the original payload. Moving the header over it
    /// makes the original packet again.
    /// </summary>
    private DropReason OnRetransmission(StreamBinding binding, Span<byte> packet, in RtpPacketView view, MonotonicTime now)
    {
        const int OriginalSequenceLength = 2;
        RtpReceiveStream stream = binding.Stream;
        if (view.Payload.Length <= OriginalSequenceLength)
            return DropReason.EmptyPadding;
        if (binding.Receiver.RetransmittedCodecOf(view.PayloadType) is not { } codec)
            return DropReason.UnknownPayloadType;
        int headerLength = view.PayloadOffset;
        var original = new SequenceNumber((ushort)(packet[headerLength] << 8 | packet[headerLength + 1]));
        if (stream.Ssrc is not { } ssrc || !stream.OnRetransmission(original, now, out ExtendedSequence sequence))
            return DropReason.DuplicateOrOld;
        packet[..headerLength].CopyTo(packet[OriginalSequenceLength..]);
        Span<byte> restored = packet[OriginalSequenceLength..];
        RtpPacketRestorer.Restore(restored, codec.PayloadType, original, ssrc);
        return RtpPacketView.TryParse(restored, out RtpPacketView restoredView)
            ? Deliver(binding, codec, sequence, restored, restoredView, now)
            : DropReason.Malformed;
    }

    private DropReason Deliver(
        StreamBinding binding, RtpCodec codec, ExtendedSequence sequence, ReadOnlySpan<byte> packet, RtpPacketView view, MonotonicTime now)
    {
        var media = new MediaPacket(binding.Stream, codec, sequence, packet, view);
        _handler!.OnMedia(binding.Receiver, media, now);
        return view.Payload.IsEmpty ? DropReason.EmptyPadding : DropReason.None;
    }

    private void Configure(ImmutableArray<NegotiatedMedia> sections)
    {
        // Reduced size has to be agreed on in every section (RFC 5506 section 5).
        _rtcp.Configure(sections.All(media => media.ReducedSizeRtcp), sections.Any(media => media.Kind == MediaKind.Video));
        ConfigureCongestion();
    }

    /// <summary>The picture needs most: numbers of sound alone would tell little of what it needs.</summary>
    private void ConfigureCongestion()
    {
        bool hasVideo = false, isVideoNumbered = false, isSoundNumbered = false, takesMaximum = false, canSendFiller = false;
        for (int i = 0; i < _senders.Count; i++)
        {
            RtpSender sender = _senders[i];
            bool isVideo = sender.Kind == MediaKind.Video;
            hasVideo |= isVideo;
            isVideoNumbered |= isVideo && sender.IsNumbered;
            canSendFiller |= sender.CanSendFiller;
            isSoundNumbered |= !isVideo && sender.IsNumbered;
            foreach (RtpCodec codec in sender.Codecs)
                takesMaximum |= (codec.Feedback & RtcpFeedbackKinds.Remb) != 0;
        }
        Congestion.Configure(hasVideo ? isVideoNumbered : isSoundNumbered, takesMaximum, canSendFiller);
    }

    private bool HasVideo() =>
        _sources.Receivers.Any(receiver => receiver.Kind == MediaKind.Video)
        || _senders.Senders.Any(sender => sender.Kind == MediaKind.Video);
}
