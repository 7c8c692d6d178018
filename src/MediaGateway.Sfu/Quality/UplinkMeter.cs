using System.Runtime.CompilerServices;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Quality;

/// <summary>
/// Meter of the packets of a participant's publications since they were read last. It makes the samples for the participant's
/// <see cref="ConnectionQualityEstimator"/>. Reads the publications themselves, whatever their origin.
/// </summary>
/// <param name="estimator">Gets the samples.</param>
internal sealed class UplinkMeter(ConnectionQualityEstimator estimator)
{
    /// <summary>Counts at the last reading. They are keyed weakly, so that a stream that has ended takes its counts along.</summary>
    private readonly ConditionalWeakTable<RtpReceiveStream, Counts> _counts = [];

    /// <summary>Adds a sample of each encoding that has been received.</summary>
    /// <returns>When the last packet of the publication came; 0 before the first.</returns>
    public MonotonicTime Read(Publication publication)
    {
        MonotonicTime last = default;
        foreach (PublishedEncoding? encoding in publication.Encodings)
        {
            if (encoding is null)
                continue;
            last = MonotonicTime.Max(last, encoding.Stream.LastPacket);
            estimator.AddUplink(Sample(encoding.Stream));
        }
        return last;
    }

    private StreamSample Sample(RtpReceiveStream stream)
    {
        ReceptionStatistics statistics = stream.Statistics;
        Counts counts = _counts.GetOrCreateValue(stream);
        var sample = new StreamSample(
            stream.MediaKind,
            statistics.PacketsExpected - counts.Expected,
            statistics.PacketsLost - counts.Lost,
            TimeSpan.FromSeconds(statistics.Jitter / stream.ClockRate));
        counts.Expected = statistics.PacketsExpected;
        counts.Lost = statistics.PacketsLost;
        return sample;
    }

    private sealed class Counts
    {
        public long Expected { get; set; }

        public long Lost { get; set; }
    }
}
