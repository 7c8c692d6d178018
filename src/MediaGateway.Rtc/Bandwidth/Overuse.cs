namespace MediaGateway.Rtc.Bandwidth;

/// <summary>Verdict of delays and losses on the path.</summary>
internal enum Overuse
{
    /// <summary>The path is free: no queue stands.</summary>
    None,

    /// <summary>A queue stands, but is not large enough to act, or not for long enough.</summary>
    Suspected,

    /// <summary>A queue stands for several round trips and does not grow.</summary>
    Standing,

    /// <summary>A queue stands and grows, or is full: more is sent than the path carries.</summary>
    Growing,
}
