using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Peers;

namespace MediaGateway.Sfu.Rooms;

/// <summary>Services with which the rooms of a worker are made.</summary>
/// <param name="Transports">Makes the participants' transports.</param>
/// <param name="PeerIds">Numbers their connections.</param>
/// <param name="Entropy">Draws sids.</param>
/// <param name="Candidates">Candidate-attribute values of the worker.</param>
public sealed record RoomServices(TransportFactory Transports, PeerIdSource PeerIds, IEntropy Entropy, ImmutableArray<string> Candidates);
