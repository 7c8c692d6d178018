namespace MediaGateway.Rtc.Bandwidth;

/// <summary>The conclusion from a probe.</summary>
/// <param name="Verdict">What it has shown.</param>
/// <param name="Rate">What the path carries by it, bits per second; 0 when it has shown nothing.</param>
internal readonly record struct ProbeOutcome(ProbeVerdict Verdict, double Rate);
