namespace MediaGateway.Rtc.Codecs;

/// <summary>What a frame is to a decode target (AV1 RTP specification, appendix A.4).</summary>
public enum DecodeTargetIndication
{
    /// <summary>Not part of it.</summary>
    NotPresent,

    /// <summary>Part of it, and nothing in it depends on the frame.</summary>
    Discardable,

    /// <summary>If the frame is decodable, so is all that follows in the target.</summary>
    Switch,

    /// <summary>Part of it, neither discardable nor a place to switch.</summary>
    Required,
}
