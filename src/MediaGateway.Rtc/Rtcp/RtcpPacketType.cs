namespace MediaGateway.Rtc.Rtcp;

/// <summary>RTCP packet types (RFC 3550 section 12.1, RFC 4585 section 6.1, RFC 3611 section 2).</summary>
public enum RtcpPacketType : byte
{
    SenderReport = 200,
    ReceiverReport = 201,
    SourceDescription = 202,
    Bye = 203,
    ApplicationDefined = 204,

    /// <summary>RTPFB: transport-layer feedback; the format says which.</summary>
    TransportLayerFeedback = 205,

    /// <summary>PSFB: payload-specific feedback; the format says which.</summary>
    PayloadSpecificFeedback = 206,
    ExtendedReport = 207,
}
