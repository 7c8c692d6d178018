namespace MediaGateway.Rtc.Rtp;

/// <summary>The header extensions the gateway knows. Their URIs are in <see cref="HeaderExtensionUris"/>.</summary>
public enum HeaderExtensionKind
{
    /// <summary>Media section of a packet (RFC 9143 section 15).</summary>
    Mid,

    /// <summary>Simulcast encoding of a packet (RFC 8852 section 3.1).</summary>
    RtpStreamId,

    /// <summary>Simulcast encoding that an RTX packet repairs (RFC 8852 section 3.2).</summary>
    RepairedRtpStreamId,

    /// <summary>Client-to-mixer audio level (RFC 6464).</summary>
    AudioLevel,

    /// <summary>Transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01).</summary>
    TransportSequenceNumber,
    AbsoluteSendTime,

    /// <summary>Coordination of video orientation (3GPP TS 26.114 section 7.4.5).</summary>
    VideoOrientation,
    PlayoutDelay,

    /// <summary>Frame dependencies (AV1 RTP specification, appendix A).</summary>
    DependencyDescriptor,

    /// <summary>Transmission time offset (RFC 5450).</summary>
    TransmissionOffset,
    AbsoluteCaptureTime,
    VideoContentType,
    VideoTiming,
    ColorSpace,
    VideoLayersAllocation,
}
