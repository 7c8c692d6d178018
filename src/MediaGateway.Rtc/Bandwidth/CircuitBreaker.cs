namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// The breaker of RFC 8083 section 4.3: it trips when a sender has, for three reports, sent more than ten times what a TCP flow would get
/// with such losses and round trips. What is sent then falls to a tenth.
/// </summary>
internal sealed class CircuitBreaker
{
    private const int Reports = 3;
    private const double Excess = 10;
    private const double PacketBits = 1200 * 8;

    private int _exceeded;

    /// <summary>Notes a report.</summary>
    /// <param name="fractionLost">Part of the packets that it says was lost.</param>
    /// <param name="roundTrip">The round trip.</param>
    /// <param name="sent">What is sent, bits per second.</param>
    /// <returns>True when it trips.</returns>
    public bool Trips(double fractionLost, TimeSpan roundTrip, double sent)
    {
        double seconds = Math.Max(roundTrip.TotalSeconds, 0.01);
        // The simplified TCP throughput equation of section 4.3.
        double fair = PacketBits / (seconds * Math.Sqrt(2 * Math.Max(fractionLost, 1e-6) / 3));
        _exceeded = sent > Excess * fair ? _exceeded + 1 : 0;
        if (_exceeded < Reports)
            return false;
        _exceeded = 0;
        return true;
    }

    public void Clear() => _exceeded = 0;
}
