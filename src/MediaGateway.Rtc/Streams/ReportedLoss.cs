namespace MediaGateway.Rtc.Streams;

/// <summary>Loss in the time between a receiver's last two reports.</summary>
/// <param name="Expected">Number of packets that were sent to it.</param>
/// <param name="Lost">Number of those that it did not receive.</param>
public readonly record struct ReportedLoss(long Expected, long Lost);
