using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Rtc.Sessions;

/// <summary>
/// A packet that is being written into the slot it leaves from. <see cref="RtpSender"/> opens it with the header and the MID in it;
/// the caller adds header extension elements, then the payload, and has it sent with <see cref="RtpSender.Commit"/>.
/// </summary>
public ref struct OutgoingPacket
{
    private const int OriginalSequenceLength = sizeof(ushort);
    private const byte PaddingFlag = 0x20;

    private readonly Span<byte> _slot;
    private RtpPacketWriter _header;

    internal OutgoingPacket(Span<byte> slot, scoped in OutgoingHeader header, Ssrc ssrc)
    {
        _slot = slot;
        Ssrc = ssrc;
        Timestamp = header.Timestamp;
        PayloadType = header.PayloadType;
        Index = Sequence = header.Sequence;
        _header = new RtpPacketWriter(slot);
        _header.WriteHeader(header.Marker, header.PayloadType, Index.Wire, header.Timestamp, ssrc);
    }

    /// <summary>Begins a packet of the RTX stream, which carries another one's payload (RFC 4588 section 4).</summary>
    internal OutgoingPacket(Span<byte> slot, scoped in OutgoingHeader original, Ssrc ssrc, ExtendedSequence index, PayloadType payloadType)
        : this(slot, original with { Sequence = index, PayloadType = payloadType }, ssrc)
    {
        Sequence = original.Sequence;
        IsRetransmission = true;
    }

    /// <summary>Writer of the header, for the extension elements that follow the MID.</summary>
    [UnscopedRef]
    public ref RtpPacketWriter Header => ref _header;

    internal readonly Span<byte> Slot => _slot;

    internal Ssrc Ssrc { get; }

    /// <summary>Packet index of the stream that the packet belongs to.</summary>
    internal ExtendedSequence Index { get; }

    /// <summary>Sequence number in the sender's own stream, not in its RTX stream.</summary>
    internal ExtendedSequence Sequence { get; }

    internal RtpTimestamp Timestamp { get; }

    internal PayloadType PayloadType { get; }

    /// <summary>True for a packet that is sent to fill a probe, and for nothing else.</summary>
    internal bool IsFiller { get; init; }

    /// <summary>True for a packet that is sent for the first time.</summary>
    internal bool IsNew { get; init; }

    /// <summary>Time at which it leaves.</summary>
    internal MonotonicTime Time { get; init; }

    /// <summary>Transport-wide number that its header carries; null for none.</summary>
    internal ushort? Number { get; set; }

    /// <summary>True for a packet of the RTX stream.</summary>
    internal bool IsRetransmission { get; }

    internal int HeaderLength { get; private set; }

    internal int PayloadLength { get; private set; }

    /// <summary>Length of all that was written, bytes.</summary>
    internal readonly int Length => HeaderLength + OriginalLength + PayloadLength + PaddingLength;

    /// <summary>Length of the padding behind the payload (RFC 3550 section 5.1), bytes.</summary>
    private int PaddingLength { get; set; }

    private readonly int OriginalLength => IsRetransmission && PaddingLength == 0 ? OriginalSequenceLength : 0;

    /// <summary>Makes it a packet of padding alone; without the number of another packet, since it repeats none.</summary>
    /// <param name="length">Length of the padding, 1 to 255 bytes, of which the last states the length.</param>
    internal void WritePadding(int length)
    {
        HeaderLength = _header.FinishHeader();
        PaddingLength = length;
        _slot[0] |= PaddingFlag;
        Span<byte> padding = _slot.Slice(HeaderLength, length);
        padding[..^1].Clear();
        padding[^1] = (byte)length;
    }

    /// <summary>Ends the header and lends the place of the payload; false when so long a payload does not fit.</summary>
    public bool TryBeginPayload(int length, out Span<byte> payload)
    {
        HeaderLength = _header.FinishHeader();
        PayloadLength = length;
        if (Length + PacketOutlet.MaxOverhead > _slot.Length)
        {
            payload = default;
            return false;
        }
        if (IsRetransmission)
            BinaryPrimitives.WriteUInt16BigEndian(_slot[HeaderLength..], Sequence.Wire.Value);
        payload = _slot.Slice(HeaderLength + OriginalLength, length);
        return true;
    }
}
