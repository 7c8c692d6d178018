namespace MediaGateway.Rtc.Transport;

/// <summary>The states of a peer's transport; they only ever move downwards in this list.</summary>
public enum PeerTransportState
{
    /// <summary>The peer has passed no authenticated connectivity check yet.</summary>
    New,

    /// <summary>ICE has a path; DTLS is not done.</summary>
    Connecting,

    /// <summary>Keys are in use: media may flow.</summary>
    Connected,

    /// <summary>Ended; see <see cref="PeerTransport.CloseReason"/>.</summary>
    Closed,
}
