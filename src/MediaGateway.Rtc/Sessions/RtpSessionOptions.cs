using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sessions;

/// <summary>Options of the RTP session with one remote, besides what was negotiated.</summary>
public sealed record RtpSessionOptions
{
    public required NtpClock Clock { get; init; }

    /// <summary>Canonical name in our RTCP (RFC 7022).</summary>
    public required string CanonicalName { get; init; }

    /// <summary>
    /// RTCP reports leave at multiples of this, so that a worker with many peers wakes up once for those of several. Zero: at any time.
    /// </summary>
    public TimeSpan ReportGrid { get; init; }

    /// <summary>True to estimate what the way to the remote carries, from its feedback; false for who sends whatever it has.</summary>
    public bool EstimatesBandwidth { get; init; }

    /// <summary>
    /// Time between two reports of transport-wide feedback. Null for 30 to 50 ms, by when packets come; other stacks take up to 250 ms.
    /// </summary>
    public TimeSpan? FeedbackInterval { get; init; }

    /// <summary>Rate that the line to the remote is taken to carry before anything is known of it, on the wire; null for 1 Mb/s.</summary>
    public Bitrate? InitialBitrate { get; init; }

    /// <summary>Most that the remote is sent, on the wire, whatever its line carries; null for no such limit.</summary>
    public Bitrate? MaxBitrate { get; init; }
}
