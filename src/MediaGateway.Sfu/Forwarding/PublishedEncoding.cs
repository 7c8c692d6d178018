using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>One encoding of a publication as forwarders see it: its receive stream, its recent packets, its rate, its layers.</summary>
public sealed class PublishedEncoding
{
    private static readonly TimeSpan RateWindow = TimeSpan.FromMilliseconds(500);

    private readonly byte _descriptorId;
    private bool _isWanted;
    private MonotonicTime _wantedUntil;
    private MonotonicTime _windowStart;
    private long _windowBytes;

    // Packets before the one that brought the structure in force were described by the one before.
    private DependencyStructure? _structure;
    private DependencyStructure? _structureBefore;
    private ExtendedSequence _structureFrom;
    private uint _activeTargets;

    /// <summary>The codec that <see cref="_sets"/> belong to; null before the first packet.</summary>
    private RtpCodec? _described;
    private ParameterSetStore? _sets;
    private long _tooLongSets;

    /// <param name="stream">The receive stream behind it.</param>
    /// <param name="keepHistory">Whether subscribers may ask for retransmissions: video.</param>
    /// <param name="clock">The remote clock shared by the publisher's streams.</param>
    /// <param name="extensions">The header extensions of the publisher's section.</param>
    public PublishedEncoding(RtpReceiveStream stream, bool keepHistory, RemoteClock clock, HeaderExtensionMap extensions)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(extensions);
        Stream = stream;
        History = keepHistory ? new PacketHistory() : null;
        Clock = clock;
        Timing = new MediaClock(stream.ClockRate);
        Extensions = extensions;
        _descriptorId = extensions.IdOf(HeaderExtensionKind.DependencyDescriptor);
    }

    public RtpReceiveStream Stream { get; }

    public PacketHistory? History { get; }

    public RemoteClock Clock { get; }

    /// <summary>Relation of its timestamps to our clock.</summary>
    public MediaClock Timing { get; }

    public HeaderExtensionMap Extensions { get; }

    /// <summary>Time at which media last came; padding does not count.</summary>
    public MonotonicTime LastMedia { get; private set; }

    /// <summary>Most spatial layers seen so far.</summary>
    public int SpatialLayerCount { get; private set; } = 1;

    /// <summary>Most temporal layers seen so far.</summary>
    public int TemporalLayerCount { get; private set; } = 1;

    /// <summary>The codec of the last packet; null before the first.</summary>
    public RtpCodec? Codec { get; private set; }

    /// <summary>The parameter sets that are known; null in codecs that have none.</summary>
    internal ParameterSets? Sets => _sets?.Current;

    /// <summary>Grows with every change of <see cref="Sets"/>; 0 while there are none.</summary>
    internal int SetsVersion => _sets?.Version ?? 0;

    /// <summary>Meter of what its layers cost a receiver's line.</summary>
    public LayerMeter Costs { get; } = new();

    /// <summary>Payload rate over the last half second or so.</summary>
    public Bitrate Rate { get; private set; }

    /// <summary>
    /// Notes that a subscriber is sent the encoding or waits for it: what comes next is kept for as long as it may be missed.
    /// </summary>
    public void Want() => _isWanted = true;

    /// <summary>Notes a packet and reads its layers, for all subscribers at once.</summary>
    public FrameLayers OnPacket(in MediaPacket packet, MonotonicTime now)
    {
        Keep(packet, now);
        if (!ReferenceEquals(packet.Codec, _described))
            Describe(packet.Codec);
        int length = packet.View.Payload.Length;
        Measure(length, now);
        if (length == 0)
        {
            _sets?.OnPacket(packet.Sequence, default);
            return default;
        }
        Codec = packet.Codec;
        LastMedia = now;
        Timing.OnPacket(packet.Sequence, packet.View.Timestamp, Stream.LastSenderReport, Clock, now);
        FrameLayers layers = ReadLayers(packet);
        if (_sets is not null)
            layers = ReadSets(packet, layers);
        SpatialLayerCount = Math.Max(SpatialLayerCount, layers.SpatialLayerCount);
        TemporalLayerCount = Math.Max(TemporalLayerCount, layers.Temporal + 1);
        Costs.OnPacket(History is null ? default : layers, packet.View.Timestamp, packet.Bytes.Length, now);
        return layers;
    }

    /// <summary>Takes over parameter sets that came by another way than the encoding's packets.</summary>
    internal void Learn(RtpCodec codec, ReadOnlySpan<byte> payload)
    {
        Describe(codec);
        _sets?.Learn(payload);
    }

    /// <summary>Takes the number of parameter sets that were too long to be kept, and begins to count anew.</summary>
    internal long TakeTooLongSets()
    {
        long count = (_sets?.TooLong ?? 0) - _tooLongSets;
        _tooLongSets += count;
        return count;
    }

    /// <summary>Begins with another codec, or takes over a later description of the same.</summary>
    private void Describe(RtpCodec codec)
    {
        bool isSame = codec.PayloadType == _described?.PayloadType && codec.Kind == _described.Kind;
        _described = codec;
        if (!isSame)
            (_sets, _tooLongSets) = (codec.Kind is CodecKind.H264 or CodecKind.H265 ? new ParameterSetStore(codec.Kind) : null, 0);
        _sets?.Declare(codec.Parameters);
    }

    /// <summary>
    /// Finds out whether a key frame begins that lacks its parameter sets. With a dependency descriptor that says so itself: its senders
    /// put the sets in front of each key frame, and a packet between would be none of the descriptor's frame.
    /// </summary>
    private FrameLayers ReadSets(in MediaPacket packet, in FrameLayers layers) =>
        _sets!.OnPacket(packet.Sequence, packet.View.Payload) is { } missing && layers.FrameNumber is null
            ? layers.BehindSets(missing) : layers;

    private void Keep(in MediaPacket packet, MonotonicTime now)
    {
        if (History is null)
            return;
        if (_isWanted)
        {
            _isWanted = false;
            _wantedUntil = now + PacketHistory.Retention;
        }
        History.Store(packet.Sequence, packet.Bytes, now, isSent: now < _wantedUntil);
    }

    private FrameLayers ReadLayers(in MediaPacket packet)
    {
        ReadOnlySpan<byte> descriptor = DescriptorOf(packet.View);
        bool isLate = packet.Sequence < _structureFrom;
        FrameLayers layers = FrameLayers.Read(
            packet.Codec.Kind, packet.View.Payload, packet.View.Marker, descriptor, isLate ? _structureBefore : _structure, _activeTargets);
        if (isLate || layers.Structure is null)
            return layers;
        if (layers.Structure != _structure)
        {
            _structureBefore = _structure;
            _structure = layers.Structure;
            _structureFrom = packet.Sequence;
        }
        _activeTargets = layers.ActiveDecodeTargets;
        return layers;
    }

    /// <summary>The dependency descriptor's data; empty without one.</summary>
    internal ReadOnlySpan<byte> DescriptorOf(in RtpPacketView packet) =>
        _descriptorId != 0 && packet.TryGetExtension(_descriptorId, out ReadOnlySpan<byte> descriptor) ? descriptor : default;

    private void Measure(int length, MonotonicTime now)
    {
        _windowBytes += length;
        if (now - _windowStart < RateWindow)
            return;
        Rate = Bitrate.Of(_windowBytes, now - _windowStart);
        _windowStart = now;
        _windowBytes = 0;
    }
}
