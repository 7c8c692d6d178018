using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>Codecs by their names in <c>a=rtpmap</c>, and in words for the reader of an error.</summary>
public static class CodecNames
{
    private const int MaxNamed = 12;

    /// <summary>The parameters that decide whether two codecs of one name fit.</summary>
    private static readonly string[] Deciding = ["profile-level-id", "packetization-mode", "profile-id", "profile"];

    public static string Of(CodecKind kind) => kind switch
    {
        CodecKind.Opus => "opus",
        CodecKind.Red => "red",
        CodecKind.Vp8 => "VP8",
        CodecKind.Vp9 => "VP9",
        CodecKind.H264 => "H264",
        CodecKind.H265 => "H265",
        _ => "AV1",
    };

    public static string Describe(IEnumerable<RtpCodec> codecs) =>
        Join(codecs.Select(codec => Describe(Of(codec.Kind), codec.Parameters)));

    public static string Describe(IEnumerable<CodecKind> kinds) => Join(kinds.Select(Of));

    /// <summary>All that a section offers, also what we don't forward.</summary>
    public static string Describe(MediaDescription media)
    {
        ILookup<byte, string> parameters = media.FormatParameters.ToLookup(format => format.PayloadType.Value, format => format.Parameters);
        return Join(media.RtpMaps
            .Where(map => !map.IsEncoding("rtx"))
            .Select(map => Describe(NameOf(map), parameters[map.PayloadType.Value].FirstOrDefault(""))));
    }

    /// <summary>The name, with the numbers behind it where those are what is wrong.</summary>
    private static string NameOf(RtpMap map) =>
        map.IsEncoding("opus") && (map.ClockRate, map.Channels) != (48_000, 2) ? Whole(map)
        : CodecFaults.TryGetKind(map, out CodecKind codec) && codec is not CodecKind.Opus and not CodecKind.Red && map.ClockRate != 90_000
            ? Whole(map)
        : map.EncodingName;

    private static string Whole(RtpMap map) => map.ToString().Split(' ')[1];

    private static string Describe(string name, string parameters)
    {
        List<string> details = [];
        foreach (string key in Deciding)
        {
            if (CodecParameters.TryGet(parameters, key, out ReadOnlySpan<char> value))
                details.Add($"{key}={value}");
        }
        return details.Count == 0 ? name : $"{name} ({string.Join(", ", details)})";
    }

    private static string Join(IEnumerable<string> names)
    {
        string[] distinct = [.. names.Distinct().Take(MaxNamed)];
        return distinct.Length == 0 ? "no codec" : string.Join(", ", distinct);
    }
}
