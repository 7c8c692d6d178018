namespace MediaGateway.Platform.Dtls;

/// <summary>The outcome of a call into libssl.</summary>
internal enum OpenSslResult
{
    /// <summary>Done: handshake complete, data read or written.</summary>
    Success,

    /// <summary>Nothing more until the next datagram or timeout; also when libssl ignored the datagram.</summary>
    Waiting,

    /// <summary>The peer sent close_notify.</summary>
    Closed,

    /// <summary>The connection is dead; the outbox may hold a last alert.</summary>
    Dead,
}
