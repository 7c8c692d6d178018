namespace MediaGateway.Rtc.Stun;

/// <summary>The twelve method bits of a message type (RFC 8489 section 18.2).</summary>
internal enum StunMethod : ushort
{
    Binding = 0x001,
}
