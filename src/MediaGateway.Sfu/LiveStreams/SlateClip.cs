using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>
/// A picture as a short run of coded frames that is sent over and over: a key frame, and frames that say "as before". In
/// RTP payloads, frame by frame; VP8's have a 15-bit picture id, which is set when they are sent.
/// </summary>
/// <param name="Codec">Codec of the frames.</param>
/// <param name="Frames">The payloads of each frame; the first is a key frame.</param>
public sealed record SlateClip(CodecKind Codec, ImmutableArray<ImmutableArray<ReadOnlyMemory<byte>>> Frames);
