namespace MediaGateway.Rtc.Ice;

/// <summary>The state of an <see cref="IceAgent"/>.</summary>
public enum IceState
{
    /// <summary>No authenticated check yet.</summary>
    New,

    /// <summary>Authenticated checks arrive.</summary>
    Connected,

    /// <summary>No check has arrived for <see cref="IceOptions.DisconnectTimeout"/>; what is sent may still arrive.</summary>
    Disconnected,

    /// <summary>No check arrived in time, or consent has expired (RFC 7675): nothing may be sent. Only a restart leaves this state.</summary>
    Failed,
}
