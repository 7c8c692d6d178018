using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>Chooses among the offered codecs: what is allowed, the preferred first, otherwise in the offer's order.</summary>
internal static class CodecSelection
{
    public static ImmutableArray<RtpCodec> Select(ImmutableArray<RtpCodec> offered, AnswerPolicy policy)
    {
        ImmutableArray<RtpCodec> allowed = [.. offered.Where(codec => policy.AllowedCodecs.Contains(codec.Kind))];
        // Redundancy around a codec that was not accepted is of no use.
        if (!allowed.Any(codec => codec.Kind == CodecKind.Opus))
            allowed = [.. allowed.Where(codec => codec.Kind != CodecKind.Red)];
        return [.. allowed.OrderBy(codec => RankOf(codec, policy.PreferredCodecs))];
    }

    /// <summary>Those of one codec first, otherwise in their order.</summary>
    public static ImmutableArray<RtpCodec> First(CodecKind? preferred, ImmutableArray<RtpCodec> codecs) =>
        preferred is null ? codecs : [.. codecs.OrderBy(codec => codec.Kind == preferred ? 0 : 1)];

    /// <summary>Null when the section has a codec that the stream can be sent in.</summary>
    public static NegotiationError? Check(ImmutableArray<RtpCodec> selected, MediaDescription media, MediaKind kind, AnswerPolicy policy)
    {
        bool mustFit = policy.Direction.HasFlag(MediaDirection.Send);
        RtpCodec[] stream = [.. policy.PreferredCodecs.Where(codec => mustFit && codec.MediaKind == kind)];
        bool isServed = stream.Length == 0 || selected.Any(codec => RankOf(codec, policy.PreferredCodecs) < policy.PreferredCodecs.Length);
        if (!selected.IsEmpty && isServed)
            return null;
        string name = kind == MediaKind.Audio ? "audio" : "video";
        string wanted = stream.Length > 0
            ? $"The stream's {name} is {CodecNames.Describe(stream)}"
            : $"The gateway takes {CodecNames.Describe(policy.AllowedCodecs.Where(codec => MediaKindOf(codec) == kind))} as {name}";
        return new NegotiationError(NegotiationErrorCode.NoCommonCodec, media.Mid, $"{wanted}; the offer has {CodecNames.Describe(media)}.");
    }

    private static int RankOf(RtpCodec codec, ImmutableArray<RtpCodec> preferred)
    {
        for (int i = 0; i < preferred.Length; i++)
        {
            if (CodecMatch.IsCompatible(codec, preferred[i]))
                return i;
        }
        return preferred.Length;
    }

    private static MediaKind MediaKindOf(CodecKind kind) =>
        kind is CodecKind.Opus or CodecKind.Red ? MediaKind.Audio : MediaKind.Video;
}
