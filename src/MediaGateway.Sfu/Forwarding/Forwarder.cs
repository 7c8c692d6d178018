using System.Collections.Immutable;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// Turns whatever its sources send into one continuous RTP stream for one subscriber: picks the encoding and its layers,
/// waits for a key frame at every switch, and keeps sequence numbers, timestamps and picture numbers running on.
/// <para><b>Invariant: what goes out has ascending sequence numbers without holes of our making, and after every
/// switch begins with a key frame.</b></para>
/// </summary>
public sealed class Forwarder
{
    private const int FramesBetweenWishes = 60;

    private readonly MediaKind _kind;
    private readonly ImmutableArray<RtpCodec> _subscriberCodecs;
    private readonly HeaderExtensionMap _subscriberExtensions;
    private readonly SequenceMap<ForwardingSource, RunConstants> _map;
    private readonly LayerSelector _selector = new();
    private readonly NtpClock _clock;
    private PublishedEncoding? _target;
    private ForwardingSource? _source;
    private bool _wishesKeyFrame;
    private int _framesWithoutKeyFrame;
    private int _timingVersion;
    private PictureStarts _pictures;
    private LeftOut? _leftOut;

    // Of the newest packet sent: where the next source takes over.
    private ForwardingSource? _lastSource;
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
        (_kind, _subscriberCodecs, _subscriberExtensions) = (kind, subscriberCodecs, subscriberExtensions);
        _map = new SequenceMap<ForwardingSource, RunConstants>(firstSequence);
        _clock = clock;
    }

    /// <summary>The encoding that is to be sent; null when there is no source.</summary>
    public PublishedEncoding? Target => _target;

    /// <summary>The encoding being sent; null before the first key frame.</summary>
    public PublishedEncoding? Current => _source?.Encoding;

    /// <summary>True while a switch waits for its key frame.</summary>
    public bool NeedsKeyFrame => _kind == MediaKind.Video && _target is not null
        && (_source?.Encoding != _target || _selector.NeedsKeyFrame);

    /// <summary>Filter of the layers of <see cref="Current"/> that pass.</summary>
    public LayerFilter Filter => _selector.Current;

    /// <summary>True when key frames alone are sent, or were and a key frame is waited for that brings the rest back.</summary>
    public bool PicksKeyFrames => _selector.PicksKeyFrames;

    /// <summary>Parameter sets that went out before key frames without; null before the first.</summary>
    internal InsertedSets? Inserted { get; private set; }

    /// <summary>The outgoing number behind all that packets have been planned for.</summary>
    internal ExtendedSequence NextOutgoing => _map.NextOutgoing;

    /// <summary>Relation of the outgoing timestamps to the gateway's clock; null before the first packet.</summary>
    public SenderTiming? Timing { get; private set; }

    /// <summary>Sets the encoding that is sent from its next key frame on; null stops at once.</summary>
    public void SetTarget(PublishedEncoding? target)
    {
        target?.Want();
        if (target is null)
            _source = null;
        if (target == _source?.Encoding)
            _selector.IsThinned = false;
        if (target == _target)
            return;
        _target = target;
        _wishesKeyFrame = NeedsKeyFrame;
    }

    /// <summary>The encoding that is being sent comes no more: whatever is sent next begins with a key frame.</summary>
    public void Interrupt()
    {
        _source = null;
        _wishesKeyFrame = NeedsKeyFrame;
    }

    /// <summary>Sets the highest layers of the encoding that are sent, as soon as its frames allow.</summary>
    public void SetLimits(int maxSpatial, int maxTemporal) => _selector.SetLimits(maxSpatial, maxTemporal);

    /// <summary>Sends only the lowest temporal layer of an encoding that another one is to replace, up to that one's key frame.</summary>
    public void Thin() => _selector.IsThinned = _source is not null && _source.Encoding != _target;

    /// <summary>True once whenever a new reason came up to ask the publisher for a key frame of <see cref="Target"/>.</summary>
    public bool TakeKeyFrameWish()
    {
        bool wishes = _wishesKeyFrame;
        _wishesKeyFrame = false;
        return wishes;
    }

    /// <summary>Fetches what lies so many references away, at least 1; see <see cref="IPrefetcher"/>.</summary>
    public void Prefetch(IPrefetcher prefetcher, int distance)
    {
        if (distance == 1)
        {
            prefetcher.Prefetch(_map, 1);
            prefetcher.Prefetch(_source, 2);
        }
        else if (distance == 2)
        {
            _map.Prefetch(prefetcher);
            _source?.Prefetch(prefetcher);
        }
    }

    /// <summary>Plans how a packet is to be sent, or says why it is not.</summary>
    public DropReason Plan(PublishedEncoding encoding, in MediaPacket packet, in FrameLayers layers, MonotonicTime now,
        out RewritePlan plan)
    {
        plan = default;
        if (encoding == _target || encoding == _source?.Encoding)
            encoding.Want();
        // By its number: a later negotiation describes the same codec anew, and nothing begins for that.
        if (_source is null || encoding != _source.Encoding || packet.Codec.PayloadType != _source.PublisherCodec.PayloadType)
        {
            DropReason reason = TrySwitch(encoding, packet, layers, now);
            if (reason != DropReason.None)
                return reason;
        }
        bool isAhead = _map.IsAhead(packet.Sequence);
        if (isAhead && packet.View.Payload.IsEmpty)
        {
            _map.TryDrop(packet.Sequence, packet.Sequence, _map.CurrentConstants);
            return DropReason.EmptyPadding;
        }
        int insertedCount = 0;
        if (isAhead)
        {
            ChangeLayers(packet, layers);
            if (layers.MissingSets is { } sets)
            {
                ExtendedSequence first = _map.Reserve(packet.Sequence, sets.Payloads.Length);
                insertedCount = (Inserted ??= new InsertedSets()).Add(first, sets, _source!, packet.View.Timestamp);
            }
        }
        RunConstants run = _map.CurrentConstants;
        if (!isAhead && !_map.TryMap(packet.Sequence, out _, out run))
            return DropReason.DuplicateOrOld;
        // A packet whose layers were read by another structure than its run's is read as a retransmission of it will be.
        DropReason result = layers.Structure == run.Filter.Structure
            ? PlanIn(run, isAhead, packet, layers, now, out plan)
            : PlanIn(run, isAhead, packet, _source!.ReadLayers(packet.View, run), now, out plan);
        plan.PrecedingSets = insertedCount;
        return result;
    }

    /// <summary>Finds the packet behind an outgoing number, with the plan that it went out by, for sending it again.</summary>
    /// <param name="lost">Outgoing sequence number.</param>
    /// <param name="view">The publisher's packet, borrowed from its history.</param>
    /// <param name="plan">How to send it.</param>
    public bool TryReplay(SequenceNumber lost, out RtpPacketView view, out RewritePlan plan) => TryReplay(Extend(lost), out view, out plan);

    /// <summary>Extends an outgoing number that a receiver speaks of.</summary>
    internal ExtendedSequence Extend(SequenceNumber outgoing) => ExtendedSequence.Nearest(outgoing, _lastSequence);

    /// <inheritdoc cref="TryReplay(SequenceNumber, out RtpPacketView, out RewritePlan)"/>
    /// <param name="outgoing">Outgoing sequence number.</param>
    /// <param name="view">The publisher's packet, borrowed from its history.</param>
    /// <param name="plan">How to send it.</param>
    internal bool TryReplay(ExtendedSequence outgoing, out RtpPacketView view, out RewritePlan plan)
    {
        view = default;
        plan = default;
        if (_lastSource is null)
            return false;
        if (Inserted is { } inserted && inserted.TryPlan(outgoing, out view, out plan))
            return true;
        if (!_map.TryReverse(outgoing, out ForwardingSource? source, out RunConstants run, out ExtendedSequence incoming)
            || source!.Encoding.History is not { } history
            || !history.TryGet(incoming, out ReadOnlySpan<byte> packet)
            || !RtpPacketView.TryParse(packet, out view))
        {
            return false;
        }
        return source.TryPlan(incoming, outgoing, view, source.ReadLayers(view, run), run, out plan);
    }

    private DropReason PlanIn(
        in RunConstants run, bool isAhead, in MediaPacket packet, in FrameLayers layers, MonotonicTime now, out RewritePlan plan)
    {
        plan = default;
        if (isAhead && !run.Filter.Admits(layers))
        {
            LeaveOut(packet, layers, run);
            return DropReason.LayerMismatch;
        }
        if (!_map.TryMap(packet.Sequence, out ExtendedSequence outgoing, out _))
            return DropReason.DuplicateOrOld;
        if (!_source!.TryPlan(packet.Sequence, outgoing, packet.View, layers, run, out plan))
            return DropReason.Malformed;
        if (_lastSource is null || outgoing > _lastSequence)
            Advance(layers, plan, now);
        return DropReason.None;
    }

    private void ChangeLayers(in MediaPacket packet, in FrameLayers layers)
    {
        bool picksKeyFrames = _selector.PicksKeyFrames;
        (bool startsPicture, bool startsLayers) = _pictures.Next(packet.View.Timestamp, layers);
        if (!picksKeyFrames && !(layers.HasLayers && layers.StartsFrame))
            return;
        if (_selector.TryChange(layers, picksKeyFrames ? startsPicture : startsLayers))
            _map.Continue(_map.CurrentConstants with { Filter = _selector.Current }, packet.Sequence);
        if (picksKeyFrames && !startsPicture)
            return;
        // Again and again: the key frame that comes may have lost the packet it begins with.
        _framesWithoutKeyFrame = _selector.NeedsKeyFrame ? _framesWithoutKeyFrame + 1 : 0;
        _wishesKeyFrame |= _framesWithoutKeyFrame % FramesBetweenWishes == 1;
    }

    /// <summary>
    /// Drops a packet that does not pass, and what was lost between it and others of its frame. VP8 receivers take
    /// a hole in the picture ids for a loss (RFC 7741 section 4.2), so they close up too; VP9's do not, as references
    /// count in them (RFC 9628 section 4.2, P_DIFF), nor do the dependency descriptor's frame numbers.
    /// </summary>
    private void LeaveOut(in MediaPacket packet, in FrameLayers layers, in RunConstants run)
    {
        var frame = new LeftOut(packet.Sequence, packet.View.Timestamp, layers.Spatial);
        bool sameFrame = _leftOut is { } before && before with { Last = frame.Last } == frame;
        bool nothingBetween = sameFrame && _map.IsAhead(_leftOut!.Value.Last + 1);
        ExtendedSequence first = nothingBetween ? _leftOut!.Value.Last + 1 : packet.Sequence;
        ushort offset = layers.Codec == CodecKind.Vp8 && !sameFrame ? (ushort)(run.PictureIdOffset - 1) : run.PictureIdOffset;
        _map.TryDrop(first, packet.Sequence, run with { PictureIdOffset = offset });
        _leftOut = frame;
    }

    private DropReason TrySwitch(PublishedEncoding encoding, in MediaPacket packet, in FrameLayers layers, MonotonicTime now)
    {
        if (encoding != _target)
            return DropReason.LayerMismatch;
        if (packet.View.Payload.IsEmpty)
            return DropReason.EmptyPadding;
        if (_kind == MediaKind.Video && !layers.StartsKeyFrame)
            return DropReason.AwaitingKeyFrame;
        if (SubscriberCodecs.Find(_subscriberCodecs, packet.Codec) is not { } codec)
            return DropReason.CodecMismatch;
        _selector.IsThinned = false;
        (ushort pictureOffset, byte tl0Offset) = _lastSource is null ? default : layers.Picture.OffsetsAfter(_lastPicture);
        _source = CreateSource(encoding, packet, codec, layers, tl0Offset, now);
        _map.Begin(_source, new RunConstants(_selector.Begin(layers), pictureOffset), packet.Sequence);
        _leftOut = null;
        _timingVersion = 0;
        return DropReason.None;
    }

    private ForwardingSource CreateSource(
        PublishedEncoding encoding, in MediaPacket packet, RtpCodec codec, in FrameLayers layers, byte tl0Offset, MonotonicTime now)
    {
        var extensions = new ExtensionTranslation(encoding.Extensions, _subscriberExtensions);
        if (_lastSource is null)
            return new ForwardingSource(encoding, packet.Codec, codec, extensions) { First = packet.Sequence };
        RtpTimestamp timestamp = TimestampAtSwitch(encoding, packet, now);
        return new ForwardingSource(encoding, packet.Codec, codec, extensions)
        {
            First = packet.Sequence,
            TimestampOffset = timestamp.Value - packet.View.Timestamp.Value,
            Tl0PicIdxOffset = tl0Offset,
            FrameNumberOffset = layers.FrameNumber is { } number ? (ushort)(_lastFrameNumber + 1 - number) : (ushort)0,
            MarksFirstPacket = _kind == MediaKind.Audio,
        };
    }

    /// <summary>
    /// Computes where the outgoing timestamps go on: by the sender reports of both sources, translated to our clock, so that sound and
    /// picture keep their distance through any number of switches; without reports by the time that passed. Always ahead
    /// of what was sent.
    /// </summary>
    private RtpTimestamp TimestampAtSwitch(PublishedEncoding encoding, in MediaPacket packet, MonotonicTime now)
    {
        int clockRate = packet.Codec.ClockRate;
        long elapsed = Math.Max(1, (long)((now - _lastTime).TotalSeconds * clockRate));
        RtpTimestamp byElapsed = _lastTimestamp + (uint)elapsed;
        if (!TryAlign(encoding, packet, clockRate, out RtpTimestamp aligned))
            return byElapsed;
        int ahead = aligned.DistanceFrom(_lastTimestamp);
        return ahead > 0 && Math.Abs((long)aligned.DistanceFrom(byElapsed)) < clockRate ? aligned : byElapsed;
    }

    private bool TryAlign(PublishedEncoding encoding, in MediaPacket packet, int clockRate, out RtpTimestamp aligned)
    {
        aligned = default;
        ForwardingSource last = _lastSource!;
        if (last.Encoding == encoding)
        {
            // Resumed after a pause.
            aligned = packet.View.Timestamp + last.TimestampOffset;
            return true;
        }
        MediaClock before = last.Encoding.Timing, after = encoding.Timing;
        if (!before.IsReported || !after.IsReported)
            return false;
        long units = (long)Math.Round((after.TimeOf(packet.View.Timestamp) - before.Time).TotalSeconds * clockRate);
        aligned = before.Timestamp + last.TimestampOffset + (uint)units;
        return true;
    }

    private void Advance(in FrameLayers layers, in RewritePlan plan, MonotonicTime now)
    {
        _lastSource = _source;
        _lastSequence = plan.Sequence;
        _lastTimestamp = plan.Timestamp;
        _lastTime = now;
        if (!plan.Picture.IsEmpty)
            _lastPicture = plan.Picture;
        if (layers.FrameNumber is { } number)
            _lastFrameNumber = (ushort)(number + plan.FrameNumberOffset);
        UpdateTiming();
    }

    /// <summary>
    /// The publisher's sender report, translated to our clock and our timestamps: audio and video of a publisher keep
    /// their lip synchronization. Without a report that can be believed, the packets' arrival stands in.
    /// </summary>
    private void UpdateTiming()
    {
        MediaClock timing = _source!.Encoding.Timing;
        if (timing.Version == _timingVersion)
            return;
        _timingVersion = timing.Version;
        Timing = new SenderTiming(_clock.At(timing.Time), timing.Timestamp + _source.TimestampOffset);
    }

    /// <summary>The layer frame that was left out last.</summary>
    private readonly record struct LeftOut(ExtendedSequence Last, RtpTimestamp Timestamp, int Spatial);
}
