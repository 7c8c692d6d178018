using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms;

namespace MediaGateway.Server.Node;

/// <summary>Log messages of the media node: sessions and set-up, never packets. Event ids are stable.</summary>
internal static partial class MediaLog
{
    [LoggerMessage(100, LogLevel.Information, "Media worker {Index} on UDP {Addresses} ({Engine})")]
    public static partial void WorkerStarted(this ILogger logger, int index, string addresses, string engine);

    [LoggerMessage(101, LogLevel.Warning, "{Warning}")]
    public static partial void PlatformWarning(this ILogger logger, string warning);

    [LoggerMessage(102, LogLevel.Information, "Peer connected")]
    public static partial void PeerConnected(this ILogger logger);

    [LoggerMessage(103, LogLevel.Information, "Peer ended: {Reason}")]
    public static partial void PeerClosed(this ILogger logger, PeerCloseReason reason);

    [LoggerMessage(104, LogLevel.Error, "A bug was hit while serving peer {Peer}; it has been discarded")]
    public static partial void PeerFault(this ILogger logger, PeerId peer, Exception fault);

    [LoggerMessage(106, LogLevel.Information, "Dropped while running: {Drops}")]
    public static partial void DropsAtStop(this ILogger logger, string drops);

    [LoggerMessage(107, LogLevel.Error, "A bug was hit in room {Room}; the room has been closed")]
    public static partial void RoomFault(this ILogger logger, string room, Exception fault);

    [LoggerMessage(109, LogLevel.Error, "A bug was hit in live stream {Stream}; its sources stay as they are until the next command")]
    public static partial void StreamFault(this ILogger logger, string stream, Exception fault);

    [LoggerMessage(110, LogLevel.Error, "A bug was hit while a live stream was relayed between workers; viewers on the other worker see "
        + "nothing until something else is on air")]
    public static partial void RelayFault(this ILogger logger, Exception fault);

    [LoggerMessage(111, LogLevel.Warning, "Media worker {Worker} has more to do than it has time for (busy for {Busy} % of the time, "
        + "behind by {Delay}, {Lost} datagrams lost), and leaves out video from level {Level} of {MaxLevel} on")]
    public static partial void WorkerOverloaded(this ILogger logger, int worker, double busy, string delay, long lost, int level,
        int maxLevel);

    [LoggerMessage(112, LogLevel.Information, "Media worker {Worker} sends everything again: for {Seconds} s it left out {Packets} "
        + "packets, at most by level {Level} of {MaxLevel}")]
    public static partial void WorkerRecovered(this ILogger logger, int worker, double seconds, long packets, int level, int maxLevel);

    [LoggerMessage(108, LogLevel.Information, "Room {Room} ({Sid}) has ended")]
    public static partial void RoomClosed(this ILogger logger, string room, RoomSid sid);
}
