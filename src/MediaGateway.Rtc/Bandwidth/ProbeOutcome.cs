namespace MediaGateway.Rtc.Bandwidth;

/// <summary>The conclusion from a probe.</summary>
/// <param name="Verdict">What it has shown.</param>
/// <param name="Rate">What the path carries by it, bits per second; 0 when it has shown nothing.</param>
/// <param name="Error">Standard error of that, as a part.</param>
internal readonly record struct ProbeOutcome(ProbeVerdict Verdict, double Rate, double Error = 0);
