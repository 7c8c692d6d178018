namespace MediaGateway.Rtc.Bandwidth;

/// <summary>Verdict of a probe.</summary>
internal enum ProbeVerdict
{
    /// <summary>Nothing: too few packets, too little feedback, or arrivals in bunches.</summary>
    Unknown,

    /// <summary>Jitter hides it: a longer probe may show it.</summary>
    Unclear,

    /// <summary>The path carries less than the rate of the probe.</summary>
    Full,

    /// <summary>The path carries the rate of the probe.</summary>
    Carried,
}
