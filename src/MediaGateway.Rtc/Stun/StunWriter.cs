using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Stun;

/// <summary>
/// Writes one STUN message into a borrowed buffer. After every call the buffer's first <see cref="Length"/> bytes are a
/// whole message. <see cref="AddMessageIntegrity"/> and then <see cref="AddFingerprint"/> come last (RFC 8489 section 14).
/// A buffer that is too small is the caller's bug and throws <see cref="ArgumentOutOfRangeException"/>.
/// </summary>
internal ref struct StunWriter
{
    private readonly Span<byte> _buffer;

    public StunWriter(Span<byte> buffer, StunClass messageClass, StunMethod method, StunTransactionId transactionId)
    {
        _buffer = buffer;
        Length = StunMessageView.HeaderLength;
        int bits = (int)method, type = (bits & 0xF80) << 2 | (bits & 0x070) << 1 | (bits & 0x00F)
            | ((int)messageClass & 2) << 7 | ((int)messageClass & 1) << 4;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunMessageView.MagicCookie);
        transactionId.Write(buffer[8..]);
    }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    public void Add(StunAttributeType type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Append(type, value.Length));

    /// <summary>USERNAME of a connectivity check: the receiver's fragment, a colon, the sender's (RFC 8445 section 7.2.2).</summary>
    public void AddUsername(scoped ReadOnlySpan<byte> receiver, scoped ReadOnlySpan<byte> sender)
    {
        Span<byte> value = Append(StunAttributeType.Username, receiver.Length + 1 + sender.Length);
        receiver.CopyTo(value);
        value[receiver.Length] = (byte)':';
        sender.CopyTo(value[(receiver.Length + 1)..]);
    }

    public void AddPriority(uint priority) =>
        BinaryPrimitives.WriteUInt32BigEndian(Append(StunAttributeType.Priority, 4), priority);

    public void AddUseCandidate() => Append(StunAttributeType.UseCandidate, 0);

    /// <param name="role">ICE-CONTROLLING or ICE-CONTROLLED.</param>
    /// <param name="tieBreaker">RFC 8445 section 7.1.3.</param>
    public void AddTieBreaker(StunAttributeType role, ulong tieBreaker) =>
        BinaryPrimitives.WriteUInt64BigEndian(Append(role, 8), tieBreaker);

    /// <summary>XOR-MAPPED-ADDRESS (RFC 8489 section 14.2); a v4-mapped address is written as IPv4.</summary>
    public void AddXorMappedAddress(in TransportAddress address)
    {
        Span<byte> value = Append(StunAttributeType.XorMappedAddress, address.IsIPv4 ? 8 : 20);
        value[0] = 0;
        value[1] = address.IsIPv4 ? (byte)1 : (byte)2;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(address.Port ^ (StunMessageView.MagicCookie >> 16)));
        if (address.IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], address.IPv4 ^ StunMessageView.MagicCookie);
            return;
        }
        Span<byte> bytes = value[4..];
        address.WriteIPv6(bytes);
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] ^= _buffer[4 + i];
    }

    /// <summary>ERROR-CODE (RFC 8489 section 14.8) with an empty reason phrase, which keeps an answer shorter than its request.</summary>
    public void AddErrorCode(StunErrorCode code)
    {
        Span<byte> value = Append(StunAttributeType.ErrorCode, 4);
        BinaryPrimitives.WriteUInt16BigEndian(value, 0);
        value[2] = (byte)((int)code / 100);
        value[3] = (byte)((int)code % 100);
    }

    public void AddUnknownAttributes(scoped ReadOnlySpan<StunAttributeType> types)
    {
        Span<byte> value = Append(StunAttributeType.UnknownAttributes, types.Length * 2);
        for (int i = 0; i < types.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(value[(2 * i)..], (ushort)types[i]);
    }

    /// <summary>MESSAGE-INTEGRITY over all that was written (RFC 8489 section 14.5).</summary>
    public void AddMessageIntegrity(scoped ReadOnlySpan<byte> key)
    {
        int covered = Length;
        Span<byte> value = Append(StunAttributeType.MessageIntegrity, StunIntegrity.Length);
        StunIntegrity.Compute(key, _buffer[..covered], value);
    }

    /// <summary>FINGERPRINT over all that was written (RFC 8489 section 14.7).</summary>
    public void AddFingerprint()
    {
        int covered = Length;
        Span<byte> value = Append(StunAttributeType.Fingerprint, 4);
        BinaryPrimitives.WriteUInt32BigEndian(value, Crc32.Compute(_buffer[..covered]) ^ StunMessageView.FingerprintMask);
    }

    /// <summary>Writes an attribute's header and padding, and the new length: integrity and fingerprint count themselves.</summary>
    private Span<byte> Append(StunAttributeType type, int length)
    {
        Span<byte> attribute = _buffer.Slice(Length, 4 + StunMessageView.Padded(length));
        BinaryPrimitives.WriteUInt16BigEndian(attribute, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(attribute[2..], (ushort)length);
        attribute[(4 + length)..].Clear();
        Length += attribute.Length;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(Length - StunMessageView.HeaderLength));
        return attribute.Slice(4, length);
    }
}
