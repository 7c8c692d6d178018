using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// Faults of formats of a name that we know: what is missing to make one that we can forward, in words for the sender of the description. A
/// format without a fault is usable.
/// </summary>
internal static class CodecFaults
{
    private const int OpusClockRate = 48_000;
    private const int OpusChannels = 2;
    private const int VideoClockRate = 90_000;

    /// <summary>The faults of a section's formats; none where all are usable, or all are of names that we do not know.</summary>
    public static IEnumerable<(CodecKind Codec, string Missing)> Of(MediaDescription media, MediaKind kind)
    {
        ILookup<PayloadType, RtpMap> maps = media.RtpMaps.ToLookup(map => map.PayloadType);
        ILookup<PayloadType, string> parameters =
            media.FormatParameters.ToLookup(format => format.PayloadType, format => format.Parameters);
        foreach (RtpMap map in media.RtpMaps)
        {
            if (!TryGetKind(map, out CodecKind codec))
                continue;
            PayloadType number = map.PayloadType;
            if (!media.HasFormat(number.ToString()))
                yield return (codec, $"payload type {number} in the m= line");
            else if (maps[number].Any(other => other != map))
                yield return (codec, $"one a=rtpmap for payload type {number}");
            else if (Find(codec, map, parameters[number].Aggregate("", CodecParameters.Join), kind) is { } missing)
                yield return (codec, missing);
            else if (codec == CodecKind.Red)
                yield return (codec, "opus/48000/2 inside red");
        }
        if (maps.Count == 0 && Undescribed(media) is { } format)
            yield return (kind == MediaKind.Audio ? CodecKind.Opus : CodecKind.Vp8, $"a=rtpmap for payload type {format}");
    }

    /// <summary>Says what is missing for a format to be usable; null when nothing is.</summary>
    /// <param name="codec">By its name.</param>
    /// <param name="map">Its <c>a=rtpmap</c>.</param>
    /// <param name="parameters">Its <c>a=fmtp</c>; empty without one.</param>
    /// <param name="kind">The section's kind.</param>
    public static string? Find(CodecKind codec, RtpMap map, ReadOnlySpan<char> parameters, MediaKind kind)
    {
        bool isAudio = codec is CodecKind.Opus or CodecKind.Red;
        string name = CodecNames.Of(codec);
        if (isAudio != (kind == MediaKind.Audio))
            return $"{name} in an m={(isAudio ? "audio" : "video")} section";
        // RFC 7587 section 7: always 48000/2, whatever the stream carries.
        if (isAudio)
            return (map.ClockRate, map.Channels) == (OpusClockRate, OpusChannels) ? null : $"{name}/48000/2";
        return map.ClockRate != VideoClockRate ? $"{name}/90000" : FindInParameters(codec, parameters);
    }

    /// <summary>Reads the kind of a format by its name alone.</summary>
    public static bool TryGetKind(RtpMap map, out CodecKind codec)
    {
        foreach (CodecKind known in NegotiationDefaults.Codecs)
        {
            codec = known;
            // Other redundancy (of G.711, with FEC of video) has the name too, but another clock rate.
            if (map.IsEncoding(CodecNames.Of(known)) && (known != CodecKind.Red || map.ClockRate == OpusClockRate))
                return true;
        }
        codec = default;
        return false;
    }

    [SuppressMessage("Style", "IDE0072:Add missing cases", Justification = "The others have no parameter that has to be there.")]
    private static string? FindInParameters(CodecKind codec, ReadOnlySpan<char> parameters) => codec switch
    {
        // RFC 6184 section 8.1: absent means 0, single NAL unit mode, whose packets don't fit what we forward.
        CodecKind.H264 when !(CodecParameters.TryGet(parameters, "packetization-mode", out ReadOnlySpan<char> mode) && mode is "1") =>
            "H264 with packetization-mode=1",
        CodecKind.H264 when !H264ProfileLevelId.TryGetProfile(parameters, out _) =>
            "H264 with the six hexadecimal digits of a profile in profile-level-id, such as 42e01f",
        CodecKind.Vp9 or CodecKind.H265 when !CodecParameters.TryGetNumber(parameters, "profile-id", 0, out _) =>
            $"{CodecNames.Of(codec)} with a number in profile-id",
        CodecKind.Av1 when !CodecParameters.TryGetNumber(parameters, "profile", 0, out _) => "AV1 with a number in profile",
        _ => null,
    };

    /// <summary>The first format that means nothing without an <c>a=rtpmap</c>; null when all are static (RFC 3551 section 6).</summary>
    private static string? Undescribed(MediaDescription media) => media.Formats.FirstOrDefault(format =>
        byte.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out byte number) && number > 34);
}
