namespace MediaGateway.Rtc.Ice;

/// <summary>Where an <see cref="IceAgent"/> stands.</summary>
public enum IceState
{
    /// <summary>No authenticated check yet.</summary>
    New,

    /// <summary>Authenticated checks arrive.</summary>
    Connected,

    /// <summary>None for <see cref="IceOptions.DisconnectTimeout"/>; what is sent may still arrive.</summary>
    Disconnected,

    /// <summary>None in time, or consent has expired (RFC 7675): nothing may be sent. Only a restart leaves this state.</summary>
    Failed,
}
