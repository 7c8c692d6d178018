namespace MediaGateway.Rtc.Codecs;

/// <summary>
/// Recognizes the packets at which a receiver that knows nothing of a stream can begin: true only for the first packet of a
/// decodable key frame, never for a later one. It is total: a payload that is no valid packet of its codec starts nothing.
/// </summary>
public static class KeyFrames
{
    /// <param name="codec">Audio frames are all independent, so every audio packet is a start.</param>
    /// <param name="payload">RTP payload without padding.</param>
    public static bool StartsKeyFrame(CodecKind codec, ReadOnlySpan<byte> payload) => codec switch
    {
        CodecKind.Vp8 => StartsVp8(payload),
        CodecKind.Vp9 => StartsVp9(payload),
        CodecKind.H264 => StartsH264(payload),
        CodecKind.H265 => StartsH265(payload),
        CodecKind.Av1 => StartsAv1(payload),
        _ => !payload.IsEmpty,
    };

    /// <summary>First packet of the first partition, and the inverse key frame flag P is 0 (RFC 7741 section 4.3).</summary>
    private static bool StartsVp8(ReadOnlySpan<byte> payload) =>
        Vp8Descriptor.TryParse(payload, out Vp8Descriptor descriptor)
        && descriptor.StartsFrame
        && payload.Length > descriptor.Length
        && (payload[descriptor.Length] & 0x01) == 0;

    /// <summary>A layer frame that begins here, on the lowest spatial layer, not inter-picture predicted (RFC 9628 section 4.2).</summary>
    private static bool StartsVp9(ReadOnlySpan<byte> payload) =>
        Vp9Descriptor.TryParse(payload, out Vp9Descriptor descriptor)
        && descriptor.StartsFrame
        && !descriptor.IsInterPicturePredicted
        && descriptor.SpatialId == 0
        && payload.Length > descriptor.Length;

    /// <summary>
    /// A sequence parameter set, alone or aggregated (RFC 6184). An IDR slice that begins here is a picture whose sets were missed or
    /// come once, or a later packet of one already begun: only who knows the sets can begin with it (<see cref="ParameterSetStore"/>).
    /// </summary>
    private static bool StartsH264(ReadOnlySpan<byte> payload) =>
        NalUnits.Start(CodecKind.H264, payload, (byte)H264NalUnitType.SequenceParameterSet);

    /// <summary>A video parameter set, which comes first of the three (RFC 7798), for the same reason as in H.264.</summary>
    private static bool StartsH265(ReadOnlySpan<byte> payload) =>
        NalUnits.Start(CodecKind.H265, payload, (byte)H265NalUnitType.VideoParameterSet);

    /// <summary>
    /// First packet of a coded video sequence, by the N bit (AV1 RTP specification section 4.4) or, from a sender that
    /// does not set it, by the sequence header that must come first.
    /// </summary>
    private static bool StartsAv1(ReadOnlySpan<byte> payload) =>
        Av1AggregationHeader.TryParse(payload, out Av1AggregationHeader header)
        && !header.ContinuesObu
        && (header.StartsCodedVideoSequence || header.FirstObuType(payload) == Av1ObuType.SequenceHeader);
}
