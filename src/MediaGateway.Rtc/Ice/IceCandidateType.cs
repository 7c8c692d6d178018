namespace MediaGateway.Rtc.Ice;

/// <summary>Candidate types of RFC 8445 section 5.1.1, <c>typ</c> in RFC 8839 section 5.1.</summary>
public enum IceCandidateType
{
    Host,
    ServerReflexive,
    PeerReflexive,
    Relayed,
}
