namespace MediaGateway.Rtc.Codecs;

/// <summary>Decides whether one side can decode what the other sends, by the codec and the parameters that change its bitstream.</summary>
public static class CodecMatch
{
    /// <summary>
    /// True when packets of <paramref name="a"/> can be forwarded as <paramref name="b"/> by rewriting the payload
    /// type alone. Levels are not compared: they limit what may be sent, and the sender adapts to them.
    /// </summary>
    public static bool IsCompatible(RtpCodec a, RtpCodec b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return a.Kind == b.Kind && a.ClockRate == b.ClockRate && a.Channels == b.Channels && HaveSameBitstream(a, b);
    }

    private static bool HaveSameBitstream(RtpCodec a, RtpCodec b) => a.Kind switch
    {
        // RFC 6184 section 8.2.2: profile and packetization-mode are symmetric; mode 0 when absent.
        CodecKind.H264 => HaveSameProfile(a, b) && HaveSame("packetization-mode", 0, a, b),
        // RFC 9628 section 6: profile 0 when absent.
        CodecKind.Vp9 => HaveSame("profile-id", 0, a, b),
        // AV1 RTP specification section 7.2: profile 0 (Main) when absent.
        CodecKind.Av1 => HaveSame("profile", 0, a, b),
        // RFC 7798 section 7.1: profile 1 (Main) when absent.
        CodecKind.H265 => HaveSame("profile-id", 1, a, b),
        _ => true,
    };

    private static bool HaveSameProfile(RtpCodec a, RtpCodec b) =>
        H264ProfileLevelId.TryGetProfile(a.Parameters, out H264Profile profileOfA)
        && H264ProfileLevelId.TryGetProfile(b.Parameters, out H264Profile profileOfB)
        && AsSent(profileOfA) == AsSent(profileOfB);

    /// <summary>
    /// Deviation: Baseline is taken as Constrained Baseline, where RFC 6184 section 8.1 keeps them apart. What Baseline has
    /// more (flexible macroblock order, arbitrary slice order, redundant slices) no encoder in use for WebRTC produces, and
    /// who publishes under 42001f (Chromium's first choice, aiortc's too) has to be seen by who knows 42e01f alone (Safari).
    /// </summary>
    private static H264Profile AsSent(H264Profile profile) =>
        profile == H264Profile.Baseline ? H264Profile.ConstrainedBaseline : profile;

    private static bool HaveSame(string key, int absent, RtpCodec a, RtpCodec b) =>
        CodecParameters.TryGetNumber(a.Parameters, key, absent, out int valueOfA)
        && CodecParameters.TryGetNumber(b.Parameters, key, absent, out int valueOfB)
        && valueOfA == valueOfB;
}
