namespace MediaGateway.Rtc.Codecs;

/// <summary>
/// H.264 profiles that profile_idc and profile-iop tell apart: those of RFC 6184 section 8.1, table 5, and Constrained
/// High (H.264 section A.2.4.2), which browsers offer.
/// </summary>
public enum H264Profile
{
    ConstrainedBaseline,
    Baseline,
    Main,
    Extended,
    ConstrainedHigh,
    High,
    PredictiveHigh444,
}
