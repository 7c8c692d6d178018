namespace MediaGateway.Rtc.Ice;

/// <summary>The state of an <see cref="IceAgent"/>.</summary>
public enum IceState
{
    /// <summary>The agent has received no authenticated check yet.</summary>
    New,

    /// <summary>Authenticated checks arrive.</summary>
    Connected,

    /// <summary>The last check is older than <see cref="IceOptions.DisconnectTimeout"/>; what is sent may still arrive.</summary>
    Disconnected,

    /// <summary>
    /// The first check did not arrive in time, or consent has expired (RFC 7675): nothing may be sent. Only a restart leaves this state.
    /// </summary>
    Failed,
}
