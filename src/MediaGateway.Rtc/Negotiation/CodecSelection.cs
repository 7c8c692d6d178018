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
        // Redundancy around a codec that was not accepted is of no use.
        bool hasOpus = Contains(offered, CodecKind.Opus) && policy.AllowedCodecs.Contains(CodecKind.Opus);
        var allowed = ImmutableArray.CreateBuilder<RtpCodec>(offered.Length);
        foreach (RtpCodec codec in offered)
        {
            if (policy.AllowedCodecs.Contains(codec.Kind) && (hasOpus || codec.Kind != CodecKind.Red))
                allowed.Add(codec);
        }
        return allowed.Count <= 1 || policy.PreferredCodecs.IsEmpty
            ? allowed.DrainToImmutable()
            : [.. allowed.OrderBy(codec => RankOf(codec, policy.PreferredCodecs))];
    }

    /// <summary>Puts the formats of the preferred codec first and keeps the order of the others.</summary>
    public static ImmutableArray<RtpCodec> First(CodecKind? preferred, ImmutableArray<RtpCodec> codecs) =>
        preferred is null ? codecs : [.. codecs.OrderBy(codec => codec.Kind == preferred ? 0 : 1)];

    /// <summary>Finds what is wrong with a section; null when it has a codec that the stream can be sent in.</summary>
    public static CodecRefusal? Check(ImmutableArray<RtpCodec> selected, MediaDescription media, MediaKind kind, AnswerPolicy policy)
    {
        if (!selected.IsEmpty && IsServed(selected, kind, policy))
            return null;
        bool mustFit = (policy.Direction & MediaDirection.Send) != 0;
        RtpCodec[] stream = [.. policy.PreferredCodecs.Where(codec => mustFit && codec.MediaKind == kind)];
        string name = kind == MediaKind.Audio ? "audio" : "video";
        string wanted = stream.Length > 0
            ? $"The stream's {name} is {CodecNames.Describe(stream)}"
            : $"The gateway takes {CodecNames.Describe(policy.AllowedCodecs.Where(codec => MediaKindOf(codec) == kind))} as {name}";
        (CodecKind Codec, string Missing)[] faults = [.. CodecFaults.Of(media, kind)];
        string[] missing =
        [
            .. faults.Where(fault => stream.Length == 0 || stream.Any(codec => codec.Kind == fault.Codec)).Select(fault => fault.Missing),
            .. OtherProfiles(stream, selected),
        ];
        string change = missing.Length == 0 ? "" : $"; what is missing: {string.Join(" or ", missing.Distinct())}";
        var error = new NegotiationError(NegotiationErrorCode.NoCommonCodec, media.Mid,
            $"{wanted}; the offer has {CodecNames.Describe(media)}{change}.");
        return new CodecRefusal(error, IsMistake: !selected.IsEmpty || faults.Length > 0);
    }

    /// <summary>The stream's codecs that were offered by name, but as another profile.</summary>
    private static IEnumerable<string> OtherProfiles(RtpCodec[] stream, ImmutableArray<RtpCodec> selected) => stream
        .Where(codec => Contains(selected, codec.Kind))
        .Select(codec => CodecNames.Describe([codec]));

    /// <summary>The first of the selected ones is the most wanted.</summary>
    private static bool IsServed(ImmutableArray<RtpCodec> selected, MediaKind kind, AnswerPolicy policy)
    {
        if ((policy.Direction & MediaDirection.Send) == 0 || RankOf(selected[0], policy.PreferredCodecs) < policy.PreferredCodecs.Length)
            return true;
        foreach (RtpCodec codec in policy.PreferredCodecs)
        {
            if (codec.MediaKind == kind)
                return false;
        }
        return true;
    }

    private static bool Contains(ImmutableArray<RtpCodec> codecs, CodecKind kind)
    {
        foreach (RtpCodec codec in codecs)
        {
            if (codec.Kind == kind)
                return true;
        }
        return false;
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
