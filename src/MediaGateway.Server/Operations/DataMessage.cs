using System.Collections.Immutable;
using MediaGateway.Sfu.Data;

namespace MediaGateway.Server.Operations;

/// <summary>Data that a caller sends to participants of a room.</summary>
/// <param name="Kind">Reliable or lossy.</param>
/// <param name="Payload">The bytes, as the application wrote them.</param>
/// <param name="Topic">What they are about; empty for nothing in particular.</param>
/// <param name="Destinations">The identities that get them; empty for everybody.</param>
internal sealed record DataMessage(DataPacketKind Kind, ReadOnlyMemory<byte> Payload, string Topic, ImmutableArray<string> Destinations);
