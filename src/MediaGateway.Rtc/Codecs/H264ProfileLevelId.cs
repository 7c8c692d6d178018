using System.Globalization;

namespace MediaGateway.Rtc.Codecs;

/// <summary>The <c>profile-level-id</c> of H.264 (RFC 6184 section 8.1): profile_idc, profile-iop and level_idc in hexadecimal.</summary>
public static class H264ProfileLevelId
{
    private const string Parameter = "profile-level-id";
    private const int Digits = 6;

    // constraint_set0_flag is the top bit of profile-iop. Sets 4 and 5 make High a constrained one (H.264 section A.2.4.2).
    private const int Set0 = 0x80;
    private const int Set1 = 0x40;
    private const int Sets4And5 = 0x0C;

    /// <summary>
    /// The profile that a format offers. Deviation: without a profile-level-id it is Constrained Baseline, which every
    /// WebRTC endpoint has (RFC 7742 section 6.2) and assumes, and not the Baseline of RFC 6184.
    /// </summary>
    /// <param name="fmtp">The value of <c>a=fmtp</c>.</param>
    /// <param name="profile">The profile.</param>
    /// <returns>False when the value is not six hexadecimal digits or names no profile of table 5.</returns>
    public static bool TryGetProfile(ReadOnlySpan<char> fmtp, out H264Profile profile)
    {
        profile = H264Profile.ConstrainedBaseline;
        return !CodecParameters.TryGet(fmtp, Parameter, out ReadOnlySpan<char> value) || TryParseProfile(value, out profile);
    }

    /// <param name="value">Six hexadecimal digits, such as <c>42e01f</c>.</param>
    /// <param name="profile">The profile.</param>
    public static bool TryParseProfile(ReadOnlySpan<char> value, out H264Profile profile)
    {
        profile = default;
        if (value.Length != Digits
            || !int.TryParse(value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int bits))
            return false;
        if (ProfileOf(bits >> 16, bits >> 8 & 0xFF) is not { } known)
            return false;
        profile = known;
        return true;
    }

    private static H264Profile? ProfileOf(int profile, int constraints) => (profile, constraints) switch
    {
        // Table 5: what also obeys the constraints of the other of Baseline and Main is Constrained Baseline.
        (0x42, _) => (constraints & Set1) != 0 ? H264Profile.ConstrainedBaseline : H264Profile.Baseline,
        (0x4D, _) => (constraints & Set0) != 0 ? H264Profile.ConstrainedBaseline : H264Profile.Main,
        (0x58, _) => (constraints & (Set0 | Set1)) switch
        {
            Set0 | Set1 => H264Profile.ConstrainedBaseline,
            Set0 => H264Profile.Baseline,
            _ => H264Profile.Extended,
        },
        (0x64, _) => (constraints & Sets4And5) == Sets4And5 ? H264Profile.ConstrainedHigh : H264Profile.High,
        (0xF4, _) => H264Profile.PredictiveHigh444,
        _ => null,
    };
}
