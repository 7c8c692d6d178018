namespace MediaGateway.Rtc.Stun;

/// <summary>An attribute, its value without the padding. Borrows the message.</summary>
internal readonly ref struct StunAttribute(StunAttributeType type, ReadOnlySpan<byte> value)
{
    public StunAttributeType Type { get; } = type;

    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>
    /// True for an attribute that a request must not carry if its receiver does not know it, and that this codec
    /// does not know (RFC 8489 section 6.3).
    /// </summary>
    public bool IsUnknownAndRequired => (ushort)Type < 0x8000 && Type is not (
        StunAttributeType.MappedAddress or StunAttributeType.Username or StunAttributeType.MessageIntegrity
        or StunAttributeType.ErrorCode or StunAttributeType.UnknownAttributes or StunAttributeType.Realm
        or StunAttributeType.Nonce or StunAttributeType.MessageIntegritySha256 or StunAttributeType.XorMappedAddress
        or StunAttributeType.Priority or StunAttributeType.UseCandidate);
}
