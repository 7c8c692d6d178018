namespace MediaGateway.Rtc.Rtcp;

/// <summary>Feedback message types (FMT), which stand in the count field of feedback packets.</summary>
public static class RtcpFeedbackFormat
{
    /// <summary>RTPFB: generic NACK (RFC 4585 section 6.2.1).</summary>
    public const byte Nack = 1;

    /// <summary>RTPFB: transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1).</summary>
    public const byte TransportWide = 15;

    /// <summary>PSFB: picture loss indication (RFC 4585 section 6.3.1).</summary>
    public const byte PictureLossIndication = 1;

    /// <summary>PSFB: full intra request (RFC 5104 section 4.3.1).</summary>
    public const byte FullIntraRequest = 4;

    /// <summary>PSFB: application layer feedback (RFC 4585 section 6.4), which carries REMB.</summary>
    public const byte ApplicationLayer = 15;
}
