namespace MediaGateway.Rtc.Stun;

/// <summary>Values of ERROR-CODE (RFC 8489 section 14.8, RFC 8445 section 16.2).</summary>
internal enum StunErrorCode : ushort
{
    UnknownAttribute = 420,
    RoleConflict = 487,
}
