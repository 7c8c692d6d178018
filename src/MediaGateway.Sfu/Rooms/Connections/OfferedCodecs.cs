using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Rooms.Connections;

/// <summary>
/// The codecs that a subscriber is offered for a track: the publisher's, with parameters in one canonical form. A connection has few
/// payload types, which stay with their codecs for its life, so that different forms of one codec must not use them up. What the gateway
/// does by itself for its subscribers, whatever the publisher can do, is offered always: retransmission of video, numbers for feedback.
/// </summary>
internal static class OfferedCodecs
{
    /// <summary>The codecs to offer, the most wanted first, each once; never empty.</summary>
    public static ImmutableArray<RtpCodec> Of(ImmutableArray<RtpCodec> publishers) => [.. publishers.Select(Canonical).Distinct()];

    private static RtpCodec Canonical(RtpCodec codec) => codec with
    {
        PayloadType = default,
        RetransmissionPayloadType = codec.MediaKind == MediaKind.Video ? default(PayloadType) : null,
        Feedback = codec.Feedback | RtcpFeedbackKinds.TransportCc,
        Parameters = codec.Kind switch
        {
            CodecKind.Opus => "minptime=10;useinbandfec=1",
            CodecKind.H264 => H264(codec.Parameters),
            CodecKind.Vp9 => $"profile-id={Number(codec.Parameters, "profile-id", 0)}",
            CodecKind.Av1 => $"profile={Number(codec.Parameters, "profile", 0)}",
            CodecKind.H265 => $"profile-id={Number(codec.Parameters, "profile-id", 1)}",
            _ => "",
        },
    };

    /// <summary>
    /// Parameters of H.264: level 3.1, asymmetric, as the publisher chooses what is sent anyway. A profile that cannot be read is offered
    /// as the one that everybody has; what does not fit it is not forwarded.
    /// </summary>
    private static string H264(string parameters)
    {
        H264ProfileLevelId.TryGetProfile(parameters, out H264Profile profile);
        string profileLevelId = profile switch
        {
            H264Profile.ConstrainedBaseline => "42e01f",
            H264Profile.Baseline => "42001f",
            H264Profile.Main => "4d001f",
            H264Profile.ConstrainedHigh => "640c1f",
            _ => "64001f",
        };
        return $"level-asymmetry-allowed=1;packetization-mode={Number(parameters, "packetization-mode", 0)};"
            + $"profile-level-id={profileLevelId}";
    }

    /// <summary>Value of a numeric parameter; a number larger than any codec defines counts as the last that is defined.</summary>
    private static int Number(string parameters, string key, int absent) =>
        CodecParameters.TryGetNumber(parameters, key, absent, out int value) ? Math.Min(value, 3) : absent;
}
