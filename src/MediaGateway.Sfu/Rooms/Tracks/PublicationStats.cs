using System.Collections.Immutable;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>A published track with its numbers at one moment.</summary>
/// <param name="Identity">Who publishes it.</param>
/// <param name="Track">The track.</param>
/// <param name="Encodings">In the order they were negotiated.</param>
/// <param name="SpatialLayerCount">Seen so far, by simulcast or within one encoding.</param>
/// <param name="SubscriberCount">How many receive it.</param>
/// <param name="Limits">What was set for everybody.</param>
public sealed record PublicationStats(
    string Identity, TrackInfo Track, ImmutableArray<EncodingStats> Encodings, int SpatialLayerCount, int SubscriberCount, TrackLimits Limits);
