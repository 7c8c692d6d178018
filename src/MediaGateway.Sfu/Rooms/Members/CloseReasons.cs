using MediaGateway.Rtc.Transport;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>Translation between why a media connection ends and why a participant leaves.</summary>
internal static class CloseReasons
{
    public static DisconnectReason ToDisconnect(PeerCloseReason reason) => reason switch
    {
        PeerCloseReason.IceTimeout => DisconnectReason.JoinFailure,
        PeerCloseReason.ConsentExpired => DisconnectReason.ConnectionTimeout,
        PeerCloseReason.ShuttingDown => DisconnectReason.ServerShutdown,
        PeerCloseReason.InternalError => DisconnectReason.InternalError,
        _ => DisconnectReason.MediaFailure,
    };

    public static PeerCloseReason ToTransport(DisconnectReason reason) => reason switch
    {
        DisconnectReason.ServerShutdown => PeerCloseReason.ShuttingDown,
        DisconnectReason.DuplicateIdentity => PeerCloseReason.Replaced,
        DisconnectReason.InternalError => PeerCloseReason.InternalError,
        _ => PeerCloseReason.ClosedByClient,
    };
}
