namespace MediaGateway.Testing.Faults;

/// <summary>What befalls one datagram.</summary>
public enum DatagramFault
{
    None,

    /// <summary>It never arrives.</summary>
    Lose,

    /// <summary>It arrives twice.</summary>
    Duplicate,

    /// <summary>It arrives after the datagram that follows it.</summary>
    Delay,

    /// <summary>It comes from, or goes to, another address.</summary>
    Readdress,
}
