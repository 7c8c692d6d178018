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

    /// <summary>
    /// Begins a packet with its header and MID. It leaves with <see cref="Commit"/>, and only one is open at a time; a packet that is
    /// not committed costs nothing.
    /// </summary>
    public DropReason Open(scoped in OutgoingHeader header, out OutgoingPacket packet)
    {
        if (IsRemoved || !_outlet.TryReserve(out Span<byte> slot))
        {
            packet = default;
            return DropReason.NotConnected;
        }
        packet = new OutgoingPacket(slot, header, Stream.Ssrc) { IsNew = true };
        WriteMid(ref packet);
        return DropReason.None;
    }

    /// <summary>
    /// Begins a packet that is sent again: on the RTX stream where negotiated (RFC 4588 section 4), else the same packet as before, of
    /// which the caller has to write the same bytes.
    /// </summary>
    /// <param name="header">The header that it was sent with.</param>
    /// <param name="retransmissionType">RTX payload type of its codec; null when there is none.</param>
    /// <param name="payloadLength">Length of its payload, bytes, for the bound on what is sent again.</param>
    /// <param name="now">The time, for the same bound.</param>
    /// <param name="packet">The packet, open.</param>
    public DropReason Reopen(scoped in OutgoingHeader header, PayloadType? retransmissionType, int payloadLength, MonotonicTime now,
        out OutgoingPacket packet)
    {
        packet = default;
        PayloadType? payloadType = Stream.RetransmissionSsrc is null ? null : retransmissionType;
        if (payloadType is null && _highestBeforeUpdate is { } highest && header.Sequence <= highest)
            return DropReason.RetransmissionExpired;
        if (!Stream.TryReserveRetransmission(header.Sequence, payloadLength, now))
            return DropReason.NackBudgetExceeded;
        if (IsRemoved || !_outlet.TryReserve(out Span<byte> slot))
            return DropReason.NotConnected;
        packet = payloadType is { } type
            ? new OutgoingPacket(slot, header, Stream.RetransmissionSsrc!.Value, Stream.NextRetransmissionSequence(), type)
            : new OutgoingPacket(slot, header, Stream.Ssrc);
        WriteMid(ref packet);
        return DropReason.None;
    }

    /// <summary>Protects an open packet, whose payload was written, and hands it over for sending.</summary>
    public void Commit(scoped in OutgoingPacket packet)
    {
        _outlet.Commit(packet.Slot, packet.Length, packet.HeaderLength, packet.Ssrc, packet.Index);
        if (!packet.IsNew)
            return;
        Stream.OnSent(packet.PayloadLength);
        if (_highest is not { } highest || packet.Sequence > highest)
            _highest = packet.Sequence;
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

    private void WriteMid(ref OutgoingPacket packet)
    {
        if (_midId != 0)
            packet.Header.WriteExtension(_midId, _mid);
    }
}
