namespace MediaGateway.Rtc.Stun;

/// <summary>What a message's FINGERPRINT says (RFC 8489 section 14.7).</summary>
internal enum FingerprintStatus
{
    Absent,
    Valid,
    Invalid,
}
