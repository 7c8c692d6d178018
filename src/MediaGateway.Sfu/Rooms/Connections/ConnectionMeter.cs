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
    private LineInfo _line;
    private bool _isAnnounced;

    public ConnectionMeter(Participant participant, MonotonicTime now)
    {
        _participant = participant;
        _estimator = new ConnectionQualityEstimator(now);
        _up = new UplinkMeter(_estimator);
        _down = new DownlinkMeter(_estimator);
    }

    /// <summary>True when the participant itself, and nobody else, is to be told of another line since the last update.</summary>
    public bool HasLineChanged { get; private set; }

    public ConnectionQualityInfo Describe() => new(_participant.Sid, _estimator.Quality, _estimator.Score, _line);

    /// <summary>
    /// True when there is something to announce to everybody: the first figure, every other quality, and that the participant's line
    /// begins or ceases to keep video from it.
    /// </summary>
    public bool Update(MonotonicTime now)
    {
        MonotonicTime lastMedia = default;
        bool isMediaExpected = false;
        foreach (TrackPublication track in _participant.Publications)
        {
            isMediaExpected |= track.IsMediaExpected;
            lastMedia = MonotonicTime.Max(lastMedia, _up.Read(track.Publication!));
        }
        ParticipantPeer? peer = _participant.Connections.Downstream;
        var line = new LineInfo(peer?.Transport.Rtp.Congestion.Estimate, peer?.LineShortage ?? default);
        var sample = new ConnectionSample(
            isMediaExpected,
            lastMedia,
            MonotonicTime.Max(lastMedia, _participant.Connections.LastCheck),
            peer is not null ? _down.Read(peer.Transport.Rtp.Senders) : null,
            line.Shortage);
        bool isChanged = _estimator.Update(sample, now) || !_isAnnounced || line.DiffersForOthers(_line);
        HasLineChanged = line.Differs(_line);
        if (isChanged || HasLineChanged)
            _line = line;
        _isAnnounced = true;
        return isChanged;
    }
}
