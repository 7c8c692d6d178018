namespace MediaGateway.Testing.Faults;

/// <summary>A fault of one datagram.</summary>
public enum DatagramFault
{
    None,

    /// <summary>The datagram never arrives.</summary>
    Lose,

    /// <summary>The datagram arrives twice.</summary>
    Duplicate,

    /// <summary>The datagram arrives after the one that follows it.</summary>
    Delay,

    /// <summary>The datagram comes from, or goes to, another address.</summary>
    Readdress,
}
