using System.Buffers.Binary;
using System.Security.Cryptography;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Stun;

/// <summary>
/// A STUN message (RFC 8489 section 5) as a view of a received datagram, which it borrows. <see cref="TryParse"/>
/// checks the structure once, so nothing here throws for what a remote sent. Nothing is authenticated until
/// <see cref="VerifyIntegrity"/> has said so.
/// </summary>
internal readonly ref struct StunMessageView
{
    public const int HeaderLength = 20;
    public const uint MagicCookie = 0x2112_A442;

    /// <summary>Longest message taken, bytes. RFC 8489 section 6.1 keeps messages below the path MTU; checks are some 100 bytes.</summary>
    public const int MaxLength = IDatagramSender.MaxDatagram;

    internal const uint FingerprintMask = 0x5354_554E;

    private readonly ReadOnlySpan<byte> _message;
    private readonly int _attributesEnd;
    private readonly int _integrityOffset;
    private readonly int _fingerprintOffset;

    private StunMessageView(ReadOnlySpan<byte> message, int attributesEnd, int integrityOffset, int fingerprintOffset)
    {
        _message = message;
        _attributesEnd = attributesEnd;
        _integrityOffset = integrityOffset;
        _fingerprintOffset = fingerprintOffset;
    }

    public StunClass Class => (StunClass)(((_message[0] & 0x01) << 1) | ((_message[1] & 0x10) >> 4));

    public StunMethod Method => (StunMethod)(((_message[0] & 0x3E) << 6) | ((_message[1] & 0xE0) >> 1) | (_message[1] & 0x0F));

    public StunTransactionId TransactionId => StunTransactionId.Read(_message[8..]);

    /// <summary>
    /// The attributes before MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 or FINGERPRINT, whichever comes first.
    /// What follows those and is none of them is not covered by them and must be ignored (RFC 8489 section 14.5).
    /// </summary>
    public StunAttributeEnumerator Attributes => new(_message[HeaderLength.._attributesEnd]);

    public bool HasFingerprint => _fingerprintOffset != 0;

    /// <summary>
    /// True when the first byte, the magic cookie and the length's two low bits are STUN's: enough to classify a
    /// datagram (RFC 7983 section 7), not to trust it.
    /// </summary>
    public static bool LooksLikeStun(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= HeaderLength && datagram[0] <= 3 && (datagram[3] & 3) == 0
        && BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) == MagicCookie;

    /// <summary>Takes exactly one message: its length must be the datagram's, and every attribute must lie within.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunMessageView message)
    {
        message = default;
        if (!LooksLikeStun(datagram) || datagram.Length > MaxLength
            || BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) != datagram.Length - HeaderLength)
        {
            return false;
        }
        int attributesEnd = 0, integrity = 0, fingerprint = 0;
        for (int offset = HeaderLength; offset < datagram.Length;)
        {
            // RFC 8489 section 14.7: FINGERPRINT is the last attribute.
            if (fingerprint != 0)
                return false;
            var type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(datagram[offset..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[(offset + 2)..]);
            int next = offset + 4 + Padded(length);
            if (next > datagram.Length || !IsLengthAllowed(type, length))
                return false;
            if (type == StunAttributeType.Fingerprint)
                fingerprint = offset;
            else if (type == StunAttributeType.MessageIntegrity && attributesEnd == 0)
                integrity = offset;
            if (attributesEnd == 0 && IsTrailer(type))
                attributesEnd = offset;
            offset = next;
        }
        message = new StunMessageView(datagram, attributesEnd == 0 ? datagram.Length : attributesEnd, integrity, fingerprint);
        return true;
    }

    /// <summary>The first of a type among <see cref="Attributes"/>; later ones do not count (RFC 8489 section 14).</summary>
    public bool TryGet(StunAttributeType type, out ReadOnlySpan<byte> value)
    {
        foreach (StunAttribute attribute in Attributes)
        {
            if (attribute.Type == type)
            {
                value = attribute.Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    public bool Has(StunAttributeType type) => TryGet(type, out _);

    public bool TryGetPriority(out uint priority)
    {
        bool found = TryGet(StunAttributeType.Priority, out ReadOnlySpan<byte> value) && value.Length == 4;
        priority = found ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;
        return found;
    }

    /// <summary>The tie-breaker of ICE-CONTROLLING or ICE-CONTROLLED (RFC 8445 section 7.1.3).</summary>
    public bool TryGetTieBreaker(StunAttributeType role, out ulong tieBreaker)
    {
        bool found = TryGet(role, out ReadOnlySpan<byte> value) && value.Length == 8;
        tieBreaker = found ? BinaryPrimitives.ReadUInt64BigEndian(value) : 0;
        return found;
    }

    /// <summary>XOR-MAPPED-ADDRESS (RFC 8489 section 14.2).</summary>
    public bool TryGetXorMappedAddress(out TransportAddress address)
    {
        address = default;
        if (!TryGet(StunAttributeType.XorMappedAddress, out ReadOnlySpan<byte> value) || value.Length < 4)
            return false;
        ushort port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (MagicCookie >> 16));
        switch (value[1])
        {
            case 1 when value.Length == 8:
                address = TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(value[4..]) ^ MagicCookie, port);
                return true;
            case 2 when value.Length == 20:
                Span<byte> bytes = stackalloc byte[16];
                for (int i = 0; i < bytes.Length; i++)
                    bytes[i] = (byte)(value[4 + i] ^ _message[4 + i]);
                address = TransportAddress.FromIPv6(bytes, port);
                return true;
            default:
                return false;
        }
    }

    /// <summary>ERROR-CODE (RFC 8489 section 14.8): 300 to 699. The reason is UTF-8 for a reader, and may be empty.</summary>
    public bool TryGetErrorCode(out StunErrorCode code, out ReadOnlySpan<byte> reason)
    {
        code = default;
        reason = default;
        if (!TryGet(StunAttributeType.ErrorCode, out ReadOnlySpan<byte> value) || value.Length < 4)
            return false;
        int hundreds = value[2] & 0x07, rest = value[3];
        if (hundreds is < 3 or > 6 || rest > 99)
            return false;
        code = (StunErrorCode)(hundreds * 100 + rest);
        reason = value[4..];
        return true;
    }

    /// <summary>Copies the types that UNKNOWN-ATTRIBUTES lists (RFC 8489 section 14.13), as many as fit.</summary>
    /// <returns>How many were copied.</returns>
    public int CopyUnknownAttributes(Span<StunAttributeType> destination)
    {
        if (!TryGet(StunAttributeType.UnknownAttributes, out ReadOnlySpan<byte> value))
            return 0;
        int count = Math.Min(value.Length / 2, destination.Length);
        for (int i = 0; i < count; i++)
            destination[i] = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(value[(2 * i)..]);
        return count;
    }

    /// <summary>Copies the types in this message that its receiver had to know and does not, as many as fit.</summary>
    /// <returns>How many were copied; 0 means that the message may be processed.</returns>
    public int CopyUnknownRequired(Span<StunAttributeType> destination)
    {
        int count = 0;
        foreach (StunAttribute attribute in Attributes)
        {
            if (count == destination.Length)
                break;
            if (attribute.IsUnknownAndRequired)
                destination[count++] = attribute.Type;
        }
        return count;
    }

    /// <summary>
    /// True when MESSAGE-INTEGRITY is there and is the HMAC-SHA1 of what precedes it (RFC 8489 section 14.5). Constant
    /// time. ICE uses no other (RFC 8445 section 7.2.2), so a message with only MESSAGE-INTEGRITY-SHA256 is not verified.
    /// </summary>
    /// <param name="key">The password itself for short-term credentials (RFC 8489 section 9.1.1).</param>
    public bool VerifyIntegrity(ReadOnlySpan<byte> key)
    {
        if (_integrityOffset == 0)
            return false;
        // The header's length, as hashed, ends with this attribute: what follows was not there when it was computed.
        Span<byte> covered = stackalloc byte[_integrityOffset];
        _message[.._integrityOffset].CopyTo(covered);
        BinaryPrimitives.WriteUInt16BigEndian(covered[2..], (ushort)(_integrityOffset + 4 + StunIntegrity.Length - HeaderLength));
        Span<byte> expected = stackalloc byte[StunIntegrity.Length];
        StunIntegrity.Compute(key, covered, expected);
        return CryptographicOperations.FixedTimeEquals(expected, _message.Slice(_integrityOffset + 4, StunIntegrity.Length));
    }

    public FingerprintStatus CheckFingerprint()
    {
        if (_fingerprintOffset == 0)
            return FingerprintStatus.Absent;
        uint expected = Crc32.Compute(_message[.._fingerprintOffset]) ^ FingerprintMask;
        return BinaryPrimitives.ReadUInt32BigEndian(_message[(_fingerprintOffset + 4)..]) == expected
            ? FingerprintStatus.Valid
            : FingerprintStatus.Invalid;
    }

    internal static int Padded(int length) => (length + 3) & ~3;

    private static bool IsTrailer(StunAttributeType type) =>
        type is StunAttributeType.MessageIntegrity or StunAttributeType.MessageIntegritySha256 or StunAttributeType.Fingerprint;

    private static bool IsLengthAllowed(StunAttributeType type, int length) => type switch
    {
        StunAttributeType.MessageIntegrity => length == StunIntegrity.Length,
        // RFC 8489 section 14.6: truncated to at least 16 bytes, in steps of 4.
        StunAttributeType.MessageIntegritySha256 => length is >= 16 and <= 32 && length % 4 == 0,
        StunAttributeType.Fingerprint => length == 4,
        _ => true,
    };
}
