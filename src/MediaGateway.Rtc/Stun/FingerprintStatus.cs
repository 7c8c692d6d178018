namespace MediaGateway.Rtc.Stun;

/// <summary>The result of verifying a message's FINGERPRINT (RFC 8489 section 14.7).</summary>
internal enum FingerprintStatus
{
    Absent,
    Valid,
    Invalid,
}
