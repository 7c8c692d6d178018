namespace MediaGateway.Rtc.Codecs;

/// <summary>NAL unit types of H.264 that matter here, and those that RFC 6184 section 5.2 adds for packets.</summary>
public enum H264NalUnitType : byte
{
    NonIdrSlice = 1,
    IdrSlice = 5,
    SequenceParameterSet = 7,
    PictureParameterSet = 8,
    StapA = 24,
    FuA = 28,
}
