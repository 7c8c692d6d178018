using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Quality;

/// <summary>
/// Estimator of the quality of one participant's connection, both ways, as its user would put it. The streams' samples are added, then
/// <see cref="Update"/> draws the conclusion, about once a second. The worst of audio and video, up and down, decides; and somebody whose
/// line carries less than it wants to see has no excellent connection. Quality falls at once and rises only when it has been better for a
/// while.
/// </summary>
/// <remarks>
/// <see cref="ConnectionQuality.Lost"/> is said with care, because clients answer it by connecting anew: only where
/// media should come and nothing at all does, not even a connectivity check. Media that stays away on a live connection
/// is <see cref="ConnectionQuality.Poor"/>.
/// </remarks>
public sealed class ConnectionQualityEstimator
{
    public static readonly TimeSpan UpdateInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Silence after which a connection is lost: browsers check consent every 4 to 6 s at the latest (RFC 7675, section 5.1).
    /// </summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(7);

    /// <summary>
    /// Time without media after which a connection is poor: audio without voice still sends a packet every 400 ms, a still screen a frame
    /// every second or so.
    /// </summary>
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Time for which a line has to be too thin before it counts: what a newcomer's line carries is found out within a second or two.
    /// </summary>
    private static readonly TimeSpan ShortAfter = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RecoveryTime = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Smoothing = TimeSpan.FromSeconds(4);

    /// <summary>Difference of scores from which on a connection counts as better.</summary>
    private const double Margin = 0.1;

    /// <summary>Score of a participant that sees less than it wants to, in the middle of what is good.</summary>
    private static readonly double LimitedScore = (OpinionScore.Acceptable + OpinionScore.Satisfied) / 2;

    /// <summary>Score of a participant that does not see all that it wants to, in the middle of what is poor.</summary>
    private static readonly double PausedScore = (1 + OpinionScore.Acceptable) / 2;

    private StreamLoss _audioUp;
    private StreamLoss _videoUp;
    private StreamLoss _audioDown;
    private StreamLoss _videoDown;
    private double? _roundTrip;
    private MonotonicTime _lastUpdate;
    private MonotonicTime _expectedSince;
    private MonotonicTime _notBetterSince;
    private MonotonicTime _shortSince = MonotonicTime.Never;
    private bool _expected;

    public ConnectionQualityEstimator(MonotonicTime now)
    {
        _lastUpdate = now;
        _notBetterSince = now;
    }

    public ConnectionQuality Quality { get; private set; } = ConnectionQuality.Excellent;

    /// <summary>Mean opinion score, 1 to 4.5; 0 when lost.</summary>
    public float Score { get; private set; } = (float)OpinionScore.Best;

    /// <summary>Adds a stream that the participant sends, as it arrived here.</summary>
    public void AddUplink(in StreamSample sample) => (sample.Kind == MediaKind.Audio ? ref _audioUp : ref _videoUp).Add(sample);

    /// <summary>Adds a stream that the participant receives, as it reports it.</summary>
    public void AddDownlink(in StreamSample sample) => (sample.Kind == MediaKind.Audio ? ref _audioDown : ref _videoDown).Add(sample);

    /// <returns>Whether <see cref="Quality"/> has changed.</returns>
    public bool Update(in ConnectionSample connection, MonotonicTime now)
    {
        double remaining = Math.Exp(-((now - _lastUpdate) / Smoothing));
        _lastUpdate = now;
        EndInterval(connection.RoundTrip, remaining);
        double down = Math.Min(ScoreOf(_audioDown, _videoDown), ScoreOf(connection.Shortage, now));
        double score = Math.Min(ScoreOf(_audioUp, _videoUp), down);
        ConnectionQuality before = Quality;
        Quality = Judge(ref score, connection, now);
        Score = (float)score;
        return Quality != before;
    }

    private ConnectionQuality Judge(ref double score, in ConnectionSample connection, MonotonicTime now)
    {
        if (connection.MediaExpected && !_expected)
            _expectedSince = now;
        _expected = connection.MediaExpected;
        if (_expected && now - MonotonicTime.Max(connection.LastArrival, _expectedSince) >= LostAfter)
        {
            score = 0;
            return ConnectionQuality.Lost;
        }
        if (_expected && now - MonotonicTime.Max(connection.LastMedia, _expectedSince) >= SilentAfter)
            score = 1;
        return Step(score, now);
    }

    private ConnectionQuality Step(double score, MonotonicTime now)
    {
        ConnectionQuality seen = QualityOf(score);
        if (Quality == ConnectionQuality.Lost || seen < Quality)
        {
            _notBetterSince = now;
            return seen;
        }
        if (QualityOf(score - Margin) <= Quality)
            _notBetterSince = now;
        if (now - _notBetterSince < RecoveryTime)
            return Quality;
        _notBetterSince = now;
        return Quality + 1;
    }

    private static ConnectionQuality QualityOf(double score)
    {
        if (score < OpinionScore.Acceptable)
            return ConnectionQuality.Poor;
        return score < OpinionScore.Satisfied ? ConnectionQuality.Good : ConnectionQuality.Excellent;
    }

    private double ScoreOf(in StreamLoss audio, in StreamLoss video)
    {
        double roundTrip = _roundTrip ?? 0;
        return Math.Min(
            OpinionScore.Audio(audio.Loss, OpinionScore.DelayOf(roundTrip, audio.Jitter)),
            OpinionScore.Video(video.Loss, OpinionScore.DelayOf(roundTrip, video.Jitter)));
    }

    /// <summary>The score that a line's shortage leaves: nothing need be lost or late for a picture to be small, or not there.</summary>
    private double ScoreOf(in VideoShortage shortage, MonotonicTime now)
    {
        if (shortage.Limited == 0)
            _shortSince = MonotonicTime.Never;
        else if (_shortSince.IsNever)
            _shortSince = now;
        if (_shortSince.IsNever || now - _shortSince < ShortAfter)
            return OpinionScore.Best;
        return shortage.Paused > 0 ? PausedScore : LimitedScore;
    }

    private void EndInterval(TimeSpan? roundTrip, double remaining)
    {
        _audioUp.EndInterval(remaining);
        _videoUp.EndInterval(remaining);
        _audioDown.EndInterval(remaining);
        _videoDown.EndInterval(remaining);
        if (roundTrip is { TotalMilliseconds: double measured })
            _roundTrip = ((_roundTrip ?? measured) * remaining) + (measured * (1 - remaining));
    }
}
