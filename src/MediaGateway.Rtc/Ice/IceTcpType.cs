namespace MediaGateway.Rtc.Ice;

/// <summary>The side that opens the connection of a TCP candidate, <c>tcptype</c> (RFC 6544 section 4.5).</summary>
public enum IceTcpType
{
    Active,
    Passive,
    SimultaneousOpen,
}
