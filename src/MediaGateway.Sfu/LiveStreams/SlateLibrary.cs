using System.Collections.Immutable;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>The gateway's slates: each in VP8 and in H.264, one of which every browser receives (RFC 7742 section 5).</summary>
/// <param name="Clips">By pattern, a clip for each codec.</param>
public sealed record SlateLibrary(ImmutableDictionary<SlatePattern, ImmutableArray<SlateClip>> Clips);
