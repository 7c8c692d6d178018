using System.Collections.Immutable;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>A codec in which a track is published, or is going to be.</summary>
/// <param name="MimeType">Media type, for example <c>video/VP8</c>.</param>
/// <param name="Cid">The client's id of the media track that is sent in it.</param>
/// <param name="Layers">Its layers; empty when it has those of the track.</param>
public sealed record TrackCodec(string MimeType, string Cid, ImmutableArray<VideoLayer> Layers);
