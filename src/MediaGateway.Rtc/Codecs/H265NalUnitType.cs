namespace MediaGateway.Rtc.Codecs;

/// <summary>NAL unit types of H.265 that matter here, and those that RFC 7798 section 4.4 adds for packets.</summary>
internal enum H265NalUnitType : byte
{
    /// <summary>The first of the pictures that a decoder can begin with: broken links, refreshes, clean random access.</summary>
    BrokenLinkWithLeadingPictures = 16,

    /// <summary>The last of the pictures that a decoder can begin with.</summary>
    CleanRandomAccess = 21,

    /// <summary>The highest type of a slice segment.</summary>
    LastSlice = 31,
    VideoParameterSet = 32,
    SequenceParameterSet = 33,
    PictureParameterSet = 34,
    AggregationPacket = 48,
    FragmentationUnit = 49,
}
