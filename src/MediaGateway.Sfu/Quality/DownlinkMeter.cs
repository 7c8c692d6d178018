using System.Runtime.CompilerServices;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Sfu.Quality;

/// <summary>
/// Meter of the packets that a participant was sent since its reports were read last. It makes the samples for the participant's
/// <see cref="ConnectionQualityEstimator"/>.
/// </summary>
/// <param name="estimator">Gets the samples.</param>
internal sealed class DownlinkMeter(ConnectionQualityEstimator estimator)
{
    /// <summary>Counts at the last reading. They are keyed weakly, so that a stream that has ended takes its counts along.</summary>
    private readonly ConditionalWeakTable<RtpSendStream, Counts> _counts = [];

    /// <summary>Adds a sample of each stream that the participant has reported on.</summary>
    /// <returns>The round trip that the last of them measured; null before the first.</returns>
    public TimeSpan? Read(IReadOnlyList<RtpSender> senders)
    {
        TimeSpan? roundTrip = null;
        foreach (RtpSender sender in senders)
        {
            RtpSendStream stream = sender.Stream;
            if (!stream.HasReports)
                continue;
            Counts counts = _counts.GetOrCreateValue(stream);
            estimator.AddDownlink(new StreamSample(
                sender.Kind, stream.PacketsSent - counts.Sent, stream.PacketsLost - counts.Lost, stream.Jitter));
            counts.Sent = stream.PacketsSent;
            counts.Lost = stream.PacketsLost;
            roundTrip = stream.RoundTrip ?? roundTrip;
        }
        return roundTrip;
    }

    private sealed class Counts
    {
        public long Sent { get; set; }

        public long Lost { get; set; }
    }
}
