namespace MediaGateway.Rtc.Codecs;

/// <summary>The codecs the gateway forwards. Anything else in an offer is declined.</summary>
public enum CodecKind
{
    Opus,

    /// <summary>Redundant audio data (RFC 2198) around Opus.</summary>
    Red,
    Vp8,
    Vp9,
    H264,
    H265,
    Av1,
}
