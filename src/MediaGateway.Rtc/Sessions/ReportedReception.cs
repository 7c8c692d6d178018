using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Sessions;

/// <summary>Reception of all streams of ours together, by the reports of one RTCP compound.</summary>
internal struct ReportedReception
{
    private long _expected;
    private long _lost;

    /// <summary>True when there was a report on any of them.</summary>
    public bool HasReports { get; private set; }

    /// <summary>The shortest round trip of any stream; null before one is known.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>Part of the packets that were lost since the reports before, 0 to 1.</summary>
    public readonly double FractionLost => _expected == 0 ? 0 : (double)_lost / _expected;

    public void Add(RtpSendStream stream, in ReportedLoss loss)
    {
        HasReports = true;
        _expected += loss.Expected;
        _lost += loss.Lost;
        if (stream.RoundTrip is { } roundTrip && !(roundTrip >= RoundTrip))
            RoundTrip = roundTrip;
    }
}
