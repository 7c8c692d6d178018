using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Sessions;

/// <summary>
/// A media section we send (the W3C's RTCRtpSender): one SSRC, whatever sources feed it. Writes each packet once, into
/// the slot it leaves from, and encrypts it there. Lives on over later negotiations as long as the section has this SSRC.
/// </summary>
public sealed class RtpSender
{
    private readonly PacketOutlet _outlet;
    private readonly byte[] _mid;
    private byte _midId;
    private ExtendedSequence? _highest;
    private ExtendedSequence? _highestBeforeUpdate;

    internal RtpSender(
        PacketOutlet outlet,
        Mid mid,
        MediaFormat format,
        Ssrc ssrc,
        Ssrc? retransmission,
        ExtendedSequence initialSequence,
        ExtendedSequence initialRetransmissionSequence)
    {
        _outlet = outlet;
        Mid = mid;
        Kind = format.Kind;
        Codecs = format.Codecs;
        Extensions = format.Extensions;
        InitialSequence = initialSequence;
        Stream = new RtpSendStream(ssrc, retransmission, Codecs[0].ClockRate, initialRetransmissionSequence);
        _mid = Encoding.ASCII.GetBytes(mid.Value);
        _midId = format.Extensions.IdOf(HeaderExtensionKind.Mid);
    }

    public Mid Mid { get; }

    public MediaKind Kind { get; }

    /// <summary>May grow or shrink with a later negotiation; a payload type keeps its meaning (RFC 3264 section 8.3.2).</summary>
    public ImmutableArray<RtpCodec> Codecs { get; private set; }

    public HeaderExtensionMap Extensions { get; private set; }

    public RtpSendStream Stream { get; }

    /// <summary>
    /// The object that answers feedback about the section, for whoever is handed it: found without a search. Not used here.
    /// </summary>
    public object? Owner { get; set; }

    /// <summary>Random first sequence number, below 2^15 (RFC 3711 section 3.3.1).</summary>
    public ExtendedSequence InitialSequence { get; }

    /// <summary>A later negotiation ended it: nothing more is sent.</summary>
    public bool IsRemoved { get; internal set; }

    /// <summary>True when keys are in use: before, nothing that is sent arrives.</summary>
    public bool CanSend => !IsRemoved && _outlet.IsOpen;

    /// <summary>Timing that the next sender report states; null until something was sent.</summary>
    public SenderTiming? Timing { get; set; }

    /// <summary>Fetches what lies so many references away, at least 1; see <see cref="IPrefetcher"/>.</summary>
    public void Prefetch(IPrefetcher prefetcher, int distance)
    {
        if (distance > 1)
        {
            _outlet.Prefetch(prefetcher, distance - 1);
            return;
        }
        prefetcher.Prefetch(_outlet, 2);
        prefetcher.Prefetch(Stream, 2);
        prefetcher.Prefetch(_mid, 1);
    }

    /// <summary>Sends a source's packet as the plan says.</summary>
    public DropReason Send(in RewritePlan plan, in RtpPacketView source)
    {
        DropReason reason = Write(plan, source, retransmission: null);
        if (reason != DropReason.None)
            return reason;
        Stream.OnSent(plan.PayloadOf(source).Length);
        if (_highest is not { } highest || plan.Sequence > highest)
            _highest = plan.Sequence;
        return DropReason.None;
    }

    /// <summary>
    /// Sends a packet again: on the RTX stream where negotiated (RFC 4588 section 4), else the same packet as before.
    /// </summary>
    public DropReason Resend(in RewritePlan plan, in RtpPacketView source, MonotonicTime now)
    {
        PayloadType? retransmission = Stream.RetransmissionSsrc is null ? null : plan.RetransmissionPayloadType;
        if (retransmission is null && _highestBeforeUpdate is { } highest && plan.Sequence <= highest)
            return DropReason.RetransmissionExpired;
        if (!Stream.TryReserveRetransmission(plan.Sequence, source.Payload.Length, now))
            return DropReason.NackBudgetExceeded;
        return Write(plan, source, retransmission);
    }

    /// <summary>
    /// Takes over what a later negotiation says about the section. Where headers may look different from now on, packets
    /// sent before are not sent again as they were: that would be a second header under one SRTP index.
    /// </summary>
    internal void Update(ImmutableArray<RtpCodec> codecs, HeaderExtensionMap extensions)
    {
        if (Codecs == codecs && Extensions == extensions)
            return;
        if (!Codecs.SequenceEqual(codecs) || !Extensions.Entries.SequenceEqual(extensions.Entries))
            _highestBeforeUpdate = _highest;
        Codecs = codecs;
        Extensions = extensions;
        _midId = extensions.IdOf(HeaderExtensionKind.Mid);
    }

    private DropReason Write(in RewritePlan plan, in RtpPacketView source, PayloadType? retransmission)
    {
        if (IsRemoved || !_outlet.TryReserve(out Span<byte> slot))
            return DropReason.NotConnected;
        int payloadLength = plan.PayloadOf(source).Length;
        Ssrc ssrc = Stream.Ssrc;
        ExtendedSequence index = plan.Sequence;
        PayloadType payloadType = plan.PayloadType;
        if (retransmission is { } retransmissionType)
        {
            ssrc = Stream.RetransmissionSsrc!.Value;
            index = Stream.NextRetransmissionSequence();
            payloadType = retransmissionType;
        }
        var writer = new RtpPacketWriter(slot);
        writer.WriteHeader(plan.Marker, payloadType, index.Wire, plan.Timestamp, ssrc);
        if (_midId != 0)
            writer.WriteExtension(_midId, _mid);
        plan.WriteExtensions(ref writer, source);
        int headerLength = writer.FinishHeader();
        int length = headerLength;
        int originalLength = retransmission is null ? 0 : 2;
        if (headerLength + originalLength + payloadLength + PacketOutlet.MaxOverhead > slot.Length)
            return DropReason.TooLong;
        if (originalLength != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(slot[length..], plan.Sequence.Wire.Value);
            length += originalLength;
        }
        plan.WritePayload(slot.Slice(length, payloadLength), source);
        _outlet.Commit(slot, length + payloadLength, headerLength, ssrc, index);
        return DropReason.None;
    }
}
