using System.Runtime.CompilerServices;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Quality;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Connections;

/// <summary>Measures the quality of one participant's connection from its streams.</summary>
internal sealed class ConnectionMeter(Participant participant, MonotonicTime now)
{
    private readonly ConnectionQualityEstimator _estimator = new(now);

    // Counts at the last update, by stream: those of a stream that is gone go with it.
    private readonly ConditionalWeakTable<RtpReceiveStream, Counts> _up = [];
    private readonly ConditionalWeakTable<RtpSendStream, Counts> _down = [];
    private bool _isAnnounced;

    public ConnectionQualityInfo Describe() => new(participant.Sid, _estimator.Quality, _estimator.Score);

    /// <summary>Measures again; true when there is something to tell: the first figure, and every change of quality.</summary>
    public bool Update(MonotonicTime now)
    {
        MonotonicTime lastMedia = default;
        bool isMediaExpected = false;
        foreach (TrackPublication track in participant.Publications)
        {
            isMediaExpected |= track.IsMediaExpected;
            foreach (RtpReceiveStream stream in track.Publication!.Receiver.Encodings)
            {
                if (!stream.HasReceived)
                    continue;
                lastMedia = MonotonicTime.Max(lastMedia, stream.LastPacket);
                _estimator.AddUplink(Sample(stream));
            }
        }
        TimeSpan? roundTrip = AddDownlink();
        var sample = new ConnectionSample(isMediaExpected, lastMedia, MonotonicTime.Max(lastMedia, participant.Connections.LastCheck), roundTrip);
        bool isChanged = _estimator.Update(sample, now) || !_isAnnounced;
        _isAnnounced = true;
        return isChanged;
    }

    private TimeSpan? AddDownlink()
    {
        TimeSpan? roundTrip = null;
        if (participant.Connections.Downstream is not { } peer)
            return null;
        foreach (RtpSender sender in peer.Transport.Rtp.Senders)
        {
            RtpSendStream stream = sender.Stream;
            if (!stream.HasReports)
                continue;
            Counts counts = _down.GetOrCreateValue(stream);
            long sent = stream.PacketsSent - counts.Expected, lost = stream.PacketsLost - counts.Lost;
            counts.Expected = stream.PacketsSent;
            counts.Lost = stream.PacketsLost;
            _estimator.AddDownlink(new StreamSample(sender.Kind, sent, lost, stream.Jitter));
            roundTrip = stream.RoundTrip ?? roundTrip;
        }
        return roundTrip;
    }

    private StreamSample Sample(RtpReceiveStream stream)
    {
        ReceptionStatistics statistics = stream.Statistics;
        Counts counts = _up.GetOrCreateValue(stream);
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
