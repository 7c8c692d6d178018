namespace MediaGateway.Rtc.Codecs;

/// <summary>NAL unit types of H.265 that matter here, and those that RFC 7798 section 4.4 adds for packets.</summary>
internal enum H265NalUnitType : byte
{
    VideoParameterSet = 32,
    AggregationPacket = 48,
    FragmentationUnit = 49,
}
