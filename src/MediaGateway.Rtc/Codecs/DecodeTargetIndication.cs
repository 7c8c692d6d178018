namespace MediaGateway.Rtc.Codecs;

/// <summary>Role of a frame in a decode target (AV1 RTP specification, appendix A.4).</summary>
public enum DecodeTargetIndication
{
    /// <summary>The frame is not part of the target.</summary>
    NotPresent,

    /// <summary>Part of it, and nothing in it depends on the frame.</summary>
    Discardable,

    /// <summary>The frame lets a receiver switch to the target: if it is decodable, so is everything after it in the target.</summary>
    Switch,

    /// <summary>Part of it, neither discardable nor a place to switch.</summary>
    Required,
}
