using System.Buffers.Binary;
using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// Turns whatever its sources send into one continuous RTP stream for one subscriber: picks the encoding, waits for a
/// key frame at every switch, and keeps sequence numbers, timestamps and picture numbers running on.
/// <para><b>Invariant: what goes out has ascending sequence numbers without holes of our making, and after every
/// switch begins with a key frame.</b></para>
/// </summary>
public sealed class Forwarder
{
    private readonly MediaKind _kind;
    private readonly ImmutableArray<RtpCodec> _subscriberCodecs;
    private readonly HeaderExtensionMap _subscriberExtensions;
    private readonly SequenceMap<ForwardingSource> _map;
    private readonly NtpClock _clock;

    private PublishedEncoding? _target;
    private HeaderExtensionMap _publisherExtensions = HeaderExtensionMap.Empty;
    private ForwardingSource? _source;
    private MonotonicTime _timingFrom = MonotonicTime.Never;

    // Of the newest packet sent: where the next source takes over.
    private bool _started;
    private ExtendedSequence _lastSequence;
    private RtpTimestamp _lastTimestamp;
    private MonotonicTime _lastTime;
    private PictureNumbers _lastPicture;
    private ushort _lastFrameNumber;

    public Forwarder(
        MediaKind kind,
        ImmutableArray<RtpCodec> subscriberCodecs,
        HeaderExtensionMap subscriberExtensions,
        ExtendedSequence firstSequence,
        NtpClock clock)
    {
        _kind = kind;
        _subscriberCodecs = subscriberCodecs;
        _subscriberExtensions = subscriberExtensions;
        _map = new SequenceMap<ForwardingSource>(firstSequence);
        _clock = clock;
    }

    /// <summary>The encoding that is to be sent; null when there is no source.</summary>
    public PublishedEncoding? Target => _target;

    /// <summary>The encoding being sent; null before the first key frame.</summary>
    public PublishedEncoding? Current => _source?.Encoding;

    /// <summary>True while a switch waits for its key frame.</summary>
    public bool NeedsKeyFrame => _kind == MediaKind.Video && _target is not null && _source?.Encoding != _target;

    /// <summary>Ties the outgoing timestamps to our clock; null before the first packet.</summary>
    public SenderTiming? Timing { get; private set; }

    /// <summary>Which encoding to send from its next key frame on; null stops at once.</summary>
    /// <param name="target">The encoding.</param>
    /// <param name="extensions">The header extensions of the section it comes from.</param>
    public void SetTarget(PublishedEncoding? target, HeaderExtensionMap extensions)
    {
        _target = target;
        _publisherExtensions = extensions;
        if (target is null)
            _source = null;
    }

    /// <summary>How a packet is to be sent, or why it is not.</summary>
    public DropReason Plan(PublishedEncoding encoding, in MediaPacket packet, bool startsKeyFrame, MonotonicTime now, out RewritePlan plan)
    {
        plan = default;
        if (_source is null || encoding != _source.Encoding || !ReferenceEquals(packet.Codec, _source.PublisherCodec))
        {
            DropReason reason = TrySwitch(encoding, packet, startsKeyFrame, now);
            if (reason != DropReason.None)
                return reason;
        }
        if (packet.View.Payload.IsEmpty)
        {
            _map.TryDrop(packet.Sequence);
            return DropReason.EmptyPadding;
        }
        if (!_map.TryMap(packet.Sequence, out ExtendedSequence outgoing))
            return DropReason.DuplicateOrOld;
        if (!_source!.TryPlan(packet.Sequence, outgoing, packet.View, out plan))
            return DropReason.Malformed;
        if (!_started || outgoing > _lastSequence)
            Advance(packet, plan, now);
        return DropReason.None;
    }

    /// <summary>The packet behind an outgoing number, with the plan it went out by, for sending it again.</summary>
    /// <param name="lost">Outgoing sequence number.</param>
    /// <param name="view">The publisher's packet, borrowed from its history.</param>
    /// <param name="plan">How to send it.</param>
    public bool TryReplay(SequenceNumber lost, out RtpPacketView view, out RewritePlan plan)
    {
        view = default;
        plan = default;
        if (!_started)
            return false;
        ExtendedSequence outgoing = ExtendedSequence.Nearest(lost, _lastSequence);
        return _map.TryReverse(outgoing, out ForwardingSource? source, out ExtendedSequence incoming)
            && source!.Encoding.History is { } history
            && history.TryGet(incoming, out ReadOnlySpan<byte> packet)
            && RtpPacketView.TryParse(packet, out view)
            && !view.Payload.IsEmpty
            && source.TryPlan(incoming, outgoing, view, out plan);
    }

    private DropReason TrySwitch(PublishedEncoding encoding, in MediaPacket packet, bool startsKeyFrame, MonotonicTime now)
    {
        if (encoding != _target)
            return DropReason.LayerMismatch;
        if (packet.View.Payload.IsEmpty)
            return DropReason.EmptyPadding;
        if (_kind == MediaKind.Video && !startsKeyFrame)
            return DropReason.AwaitingKeyFrame;
        if (FindCodec(packet.Codec) is not { } codec)
            return DropReason.CodecMismatch;
        _source = CreateSource(encoding, packet, codec, now);
        _map.Begin(_source, packet.Sequence);
        _timingFrom = MonotonicTime.Never;
        return DropReason.None;
    }

    private ForwardingSource CreateSource(PublishedEncoding encoding, in MediaPacket packet, RtpCodec codec, MonotonicTime now)
    {
        var extensions = new ExtensionTranslation(_publisherExtensions, _subscriberExtensions);
        if (!_started)
            return new ForwardingSource(encoding, packet.Codec, codec, extensions) { First = packet.Sequence };
        RtpTimestamp timestamp = TimestampAtSwitch(encoding, packet, now);
        PictureNumbers.TryRead(packet.Codec.Kind, packet.View.Payload, out PictureNumbers picture);
        (ushort pictureOffset, byte tl0Offset) = picture.OffsetsAfter(_lastPicture);
        return new ForwardingSource(encoding, packet.Codec, codec, extensions)
        {
            First = packet.Sequence,
            TimestampOffset = timestamp.Value - packet.View.Timestamp.Value,
            PictureIdOffset = pictureOffset,
            Tl0PicIdxOffset = tl0Offset,
            FrameNumberOffset = TryReadFrameNumber(packet.View, extensions.DependencyDescriptorId, out ushort number)
                ? (ushort)(_lastFrameNumber + 1 - number)
                : (ushort)0,
            MarksFirstPacket = _kind == MediaKind.Audio,
        };
    }

    /// <summary>
    /// Where the outgoing timestamps go on. Encodings of one publisher are aligned by its sender reports; across
    /// publishers, and without reports, by the time that passed. Always ahead of what was sent.
    /// </summary>
    private RtpTimestamp TimestampAtSwitch(PublishedEncoding encoding, in MediaPacket packet, MonotonicTime now)
    {
        int clockRate = packet.Codec.ClockRate;
        long elapsed = Math.Max(1, (long)((now - _lastTime).TotalSeconds * clockRate));
        RtpTimestamp byElapsed = _lastTimestamp + (uint)elapsed;
        if (_source is null
            || _source.Encoding.Clock != encoding.Clock
            || _source.Encoding.Stream.LastSenderReport is not { } before
            || encoding.Stream.LastSenderReport is not { } after)
        {
            return byElapsed;
        }
        double sinceAfter = packet.View.Timestamp.DistanceFrom(after.Timestamp) / (double)clockRate;
        double reportDistance = (after.RemoteTime - before.RemoteTime).TotalSeconds;
        long units = (long)Math.Round((sinceAfter + reportDistance) * clockRate);
        var byReports = new RtpTimestamp(before.Timestamp.Value + _source.TimestampOffset + (uint)units);
        int ahead = byReports.DistanceFrom(_lastTimestamp);
        return ahead > 0 && Math.Abs(byReports.DistanceFrom(byElapsed)) < clockRate ? byReports : byElapsed;
    }

    private void Advance(in MediaPacket packet, in RewritePlan plan, MonotonicTime now)
    {
        _started = true;
        _lastSequence = plan.Sequence;
        _lastTimestamp = plan.Timestamp;
        _lastTime = now;
        if (PictureNumbers.TryRead(packet.Codec.Kind, packet.View.Payload, out PictureNumbers picture))
            _lastPicture = picture.Shift(_source!.PictureIdOffset, _source.Tl0PicIdxOffset);
        if (TryReadFrameNumber(packet.View, _source!.DependencyDescriptorId, out ushort number))
            _lastFrameNumber = (ushort)(number + _source.FrameNumberOffset);
        UpdateTiming(now);
    }

    /// <summary>
    /// The publisher's sender report, translated to our clock and our timestamps: audio and video of a publisher keep
    /// their lip synchronization. Until it reports, a packet's arrival stands in.
    /// </summary>
    private void UpdateTiming(MonotonicTime now)
    {
        PublishedEncoding encoding = _source!.Encoding;
        if (encoding.Stream.LastSenderReport is { } report && encoding.Clock.IsKnown)
        {
            if (report.Arrival == _timingFrom)
                return;
            _timingFrom = report.Arrival;
            Timing = new SenderTiming(encoding.Clock.ToLocal(report.RemoteTime), report.Timestamp + _source.TimestampOffset);
        }
        else if (_timingFrom.IsNever)
        {
            _timingFrom = MonotonicTime.Zero;
            Timing = new SenderTiming(_clock.At(now), _lastTimestamp);
        }
    }

    private RtpCodec? FindCodec(RtpCodec codec)
    {
        foreach (RtpCodec candidate in _subscriberCodecs)
        {
            if (CodecMatch.IsCompatible(codec, candidate))
                return candidate;
        }
        if (codec.Kind != CodecKind.Red)
            return null;
        foreach (RtpCodec candidate in _subscriberCodecs)
        {
            if (candidate.Kind == CodecKind.Opus)
                return candidate;
        }
        return null;
    }

    private static bool TryReadFrameNumber(in RtpPacketView packet, byte descriptorId, out ushort number)
    {
        number = 0;
        if (descriptorId == 0 || !packet.TryGetExtension(descriptorId, out ReadOnlySpan<byte> descriptor) || descriptor.Length < 3)
            return false;
        number = BinaryPrimitives.ReadUInt16BigEndian(descriptor[1..]);
        return true;
    }
}
