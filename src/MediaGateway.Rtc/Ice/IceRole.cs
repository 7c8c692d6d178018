namespace MediaGateway.Rtc.Ice;

/// <summary>The part that an <see cref="IceAgent"/> plays (RFC 8445 sections 2.5 and 6.1.1).</summary>
public enum IceRole
{
    /// <summary>A lite agent answers checks, follows the remote's nomination and never sends first: the gateway's role.</summary>
    ControlledLite,

    /// <summary>A full agent that checks pairs itself and leaves the nomination to the remote.</summary>
    Controlled,

    /// <summary>A full agent that checks pairs and nominates one of them: a client's role towards a gateway.</summary>
    Controlling,
}
