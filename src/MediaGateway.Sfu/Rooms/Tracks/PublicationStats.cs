using System.Collections.Immutable;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>A published track with its numbers at one moment.</summary>
/// <param name="Identity">Identity of the member that publishes it.</param>
/// <param name="Track">The track.</param>
/// <param name="Encodings">Its encodings in the order in which they were negotiated.</param>
/// <param name="SpatialLayerCount">Number of spatial layers seen so far, by simulcast or within one encoding.</param>
/// <param name="SubscriberCount">Number of participants that receive it.</param>
/// <param name="Limits">Limits for every subscriber.</param>
public sealed record PublicationStats(
    string Identity, TrackInfo Track, ImmutableArray<EncodingStats> Encodings, int SpatialLayerCount, int SubscriberCount,
    TrackLimits Limits);
