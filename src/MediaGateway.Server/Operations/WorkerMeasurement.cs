using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Server.Operations;

/// <summary>The numbers of one media worker.</summary>
/// <param name="Index">Its place among the node's workers.</param>
/// <param name="PeerCount">Peers that it carries.</param>
/// <param name="HalfOpenPeerCount">Peers whose DTLS handshake has not finished.</param>
/// <param name="RoomCount">Rooms that live on it.</param>
/// <param name="LiveStreamCount">Live streams that live on it.</param>
/// <param name="BusyTime">Time that its thread was not asleep since the start.</param>
/// <param name="DatagramsReceived">Datagrams received since the start.</param>
/// <param name="DatagramsSent">Datagrams sent since the start.</param>
/// <param name="SheddingLevel">How much video it leaves out for want of time; 0 for none.</param>
/// <param name="Drops">Datagrams and packets that went no further, by reason.</param>
internal sealed record WorkerMeasurement(
    int Index,
    int PeerCount,
    int HalfOpenPeerCount,
    int RoomCount,
    int LiveStreamCount,
    TimeSpan BusyTime,
    long DatagramsReceived,
    long DatagramsSent,
    int SheddingLevel,
    IReadOnlyDictionary<DropReason, long> Drops);
