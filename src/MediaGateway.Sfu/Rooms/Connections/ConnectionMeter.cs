using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Quality;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Connections;

/// <summary>Meter of the quality of one participant's connection, from its publications and the streams that it receives.</summary>
internal sealed class ConnectionMeter
{
    private readonly Participant _participant;
    private readonly ConnectionQualityEstimator _estimator;
    private readonly UplinkMeter _up;
    private readonly DownlinkMeter _down;
    private bool _isAnnounced;

    public ConnectionMeter(Participant participant, MonotonicTime now)
    {
        _participant = participant;
        _estimator = new ConnectionQualityEstimator(now);
        _up = new UplinkMeter(_estimator);
        _down = new DownlinkMeter(_estimator);
    }

    public ConnectionQualityInfo Describe() => new(_participant.Sid, _estimator.Quality, _estimator.Score);

    /// <summary>True when there is something to announce: the first figure, and every other quality.</summary>
    public bool Update(MonotonicTime now)
    {
        MonotonicTime lastMedia = default;
        bool isMediaExpected = false;
        foreach (TrackPublication track in _participant.Publications)
        {
            isMediaExpected |= track.IsMediaExpected;
            lastMedia = MonotonicTime.Max(lastMedia, _up.Read(track.Publication!));
        }
        TimeSpan? roundTrip = _participant.Connections.Downstream is { } peer ? _down.Read(peer.Transport.Rtp.Senders) : null;
        var sample =
            new ConnectionSample(isMediaExpected, lastMedia, MonotonicTime.Max(lastMedia, _participant.Connections.LastCheck), roundTrip);
        bool isChanged = _estimator.Update(sample, now) || !_isAnnounced;
        _isAnnounced = true;
        return isChanged;
    }
}
