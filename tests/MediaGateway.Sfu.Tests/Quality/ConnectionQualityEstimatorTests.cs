using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Quality;

namespace MediaGateway.Sfu.Tests.Quality;

public sealed class ConnectionQualityEstimatorTests
{
    private const int AudioRate = 50;
    private const int VideoRate = 200;

    private static readonly MonotonicTime Start = MonotonicTime.FromMilliseconds(1_000_000);

    private readonly ConnectionQualityEstimator _estimator = new(Start);
    private MonotonicTime _now = Start;
    private MonotonicTime _lastArrival = Start;
    private VideoShortage _shortage;
    private MonotonicTime _lastMedia = Start;

    [Fact]
    public void Good_network_is_excellent_from_the_beginning()
    {
        Assert.Equal(ConnectionQuality.Excellent, _estimator.Quality);
        Assert.Equal(0, Run(60, audioUp: 0.005, videoUp: 0.005, audioDown: 0.005, videoDown: 0.005, roundTrip: 80, jitter: 10));
        Assert.Equal(ConnectionQuality.Excellent, _estimator.Quality);
        Assert.InRange(_estimator.Score, 4.1, 4.5);
    }

    [Theory]
    [InlineData(0.01, ConnectionQuality.Excellent)]
    [InlineData(0.05, ConnectionQuality.Good)]
    [InlineData(0.2, ConnectionQuality.Poor)]
    public void Steady_loss_anywhere_decides(double loss, ConnectionQuality expected)
    {
        Assert.Equal(expected, new ConnectionQualityEstimatorTests().QualityAfter(audioUp: loss));
        Assert.Equal(expected, new ConnectionQualityEstimatorTests().QualityAfter(videoUp: loss));
        Assert.Equal(expected, new ConnectionQualityEstimatorTests().QualityAfter(audioDown: loss));
        Assert.Equal(expected, new ConnectionQualityEstimatorTests().QualityAfter(videoDown: loss));
    }

    [Theory]
    [InlineData(200, 5, ConnectionQuality.Excellent)]
    [InlineData(500, 5, ConnectionQuality.Good)]
    [InlineData(900, 5, ConnectionQuality.Poor)]
    [InlineData(50, 120, ConnectionQuality.Good)]
    public void Delay_and_jitter_decide_too(int roundTrip, int jitter, ConnectionQuality expected)
    {
        Run(20, roundTrip: roundTrip, jitter: jitter);

        Assert.Equal(expected, _estimator.Quality);
    }

    [Fact]
    public void Quality_falls_within_seconds_and_recovers_step_by_step()
    {
        Run(10);
        Run(4, audioUp: 0.3);
        Assert.Equal(ConnectionQuality.Poor, _estimator.Quality);
        Run(5);
        Assert.Equal(ConnectionQuality.Poor, _estimator.Quality);
        Assert.Equal(2, Run(25));
        Assert.Equal(ConnectionQuality.Excellent, _estimator.Quality);
    }

    [Theory]
    [InlineData(0.025)]
    [InlineData(0.1)]
    public void Loss_by_chance_near_a_limit_does_not_flap(double loss)
    {
        var random = new Random(7);
        int changes = 0;
        for (int second = 0; second < 120; second++)
        {
            int lost = 0;
            for (int packet = 0; packet < AudioRate; packet++)
                lost += random.NextDouble() < loss ? 1 : 0;
            changes += Run(1, audioUp: lost / (double)AudioRate);
        }

        Assert.InRange(changes, 0, 6);
    }

    [Fact]
    public void One_packet_lost_of_few_is_no_bad_connection()
    {
        for (int second = 0; second < 20; second++)
        {
            _estimator.AddUplink(new StreamSample(MediaKind.Audio, Expected: 3, Lost: second == 10 ? 1 : 0, TimeSpan.Zero));
            Tick();
            Assert.Equal(ConnectionQuality.Excellent, _estimator.Quality);
        }
    }

    [Fact]
    public void Bad_past_is_forgotten_when_nothing_is_sent()
    {
        Run(10, audioUp: 0.5);
        Assert.Equal(ConnectionQuality.Poor, _estimator.Quality);
        for (int second = 0; second < 60; second++)
            Tick(mediaExpected: false);

        Assert.Equal(ConnectionQuality.Excellent, _estimator.Quality);
    }

    [Fact]
    public void Nothing_at_all_for_long_is_lost_and_the_first_packet_ends_it()
    {
        Run(10);
        for (int second = 1; second < 7; second++)
        {
            Tick(arrives: false, media: false);
            Assert.NotEqual(ConnectionQuality.Lost, _estimator.Quality);
        }
        Assert.True(Tick(arrives: false, media: false));
        Assert.Equal((ConnectionQuality.Lost, 0f), (_estimator.Quality, _estimator.Score));
        Assert.True(Tick());
        Assert.NotEqual(ConnectionQuality.Lost, _estimator.Quality);
        Run(20);
        Assert.Equal(ConnectionQuality.Excellent, _estimator.Quality);
    }

    [Fact]
    public void Media_that_stays_away_on_a_live_connection_is_poor()
    {
        Run(10);
        for (int second = 0; second < 60; second++)
            Tick(media: false);

        Assert.Equal((ConnectionQuality.Poor, 1f), (_estimator.Quality, _estimator.Score));
    }

    [Fact]
    public void Silence_is_fine_where_no_media_is_expected()
    {
        Run(10);
        for (int second = 0; second < 60; second++)
            Tick(mediaExpected: false, arrives: false, media: false);

        Assert.Equal(ConnectionQuality.Excellent, _estimator.Quality);
    }

    [Fact]
    public void Silence_counts_from_when_media_is_expected()
    {
        for (int second = 0; second < 60; second++)
            Tick(mediaExpected: false, arrives: false, media: false);
        for (int second = 0; second < 5; second++)
        {
            Tick(arrives: false, media: false);
            Assert.Equal(ConnectionQuality.Excellent, _estimator.Quality);
        }
    }

    [Theory]
    [InlineData(1, 0, ConnectionQuality.Good)]
    [InlineData(3, 1, ConnectionQuality.Poor)]
    public void Line_that_keeps_video_from_somebody_is_not_excellent_however_well_the_rest_arrives(
        int limited, int paused, ConnectionQuality expected)
    {
        Run(20);
        Assert.Equal(ConnectionQuality.Excellent, _estimator.Quality);
        _shortage = new VideoShortage(limited, paused);
        // A newcomer's line is found out about within a second or two: no reason to show a bar less.
        Run(3);
        Assert.Equal(ConnectionQuality.Excellent, _estimator.Quality);
        Run(1);
        Assert.Equal(expected, _estimator.Quality);
        Assert.InRange(_estimator.Score, 1, 4.4);
        _shortage = default;
        Run(30);
        Assert.Equal(ConnectionQuality.Excellent, _estimator.Quality);
    }

    [Fact]
    public void Shortage_that_comes_and_goes_within_seconds_does_not_count()
    {
        Run(20);
        int changes = 0;
        for (int turn = 0; turn < 20; turn++)
        {
            _shortage = new VideoShortage(turn % 2, 0);
            changes += Run(2);
        }
        Assert.Equal((0, ConnectionQuality.Excellent), (changes, _estimator.Quality));
    }

    [Fact]
    public void Figures_that_cannot_be_do_no_harm()
    {
        _estimator.AddUplink(new StreamSample(MediaKind.Audio, Expected: 10, Lost: 1000, TimeSpan.MaxValue));
        _estimator.AddUplink(new StreamSample(MediaKind.Video, Expected: -10, Lost: 5, TimeSpan.Zero));
        _estimator.AddDownlink(new StreamSample(MediaKind.Video, Expected: long.MaxValue, Lost: -1000, TimeSpan.MinValue));
        Tick(roundTrip: int.MaxValue);
        Assert.InRange(_estimator.Score, 1, 4.5);
        Run(120);

        Assert.InRange(_estimator.Score, 1, 4.5);
    }

    private ConnectionQuality QualityAfter(double audioUp = 0, double videoUp = 0, double audioDown = 0, double videoDown = 0)
    {
        Run(20, audioUp, videoUp, audioDown, videoDown);
        return _estimator.Quality;
    }

    /// <summary>Returns how often the quality changed in this many seconds.</summary>
    private int Run(
        int seconds,
        double audioUp = 0,
        double videoUp = 0,
        double audioDown = 0,
        double videoDown = 0,
        int roundTrip = 50,
        int jitter = 5)
    {
        int changes = 0;
        for (int second = 0; second < seconds; second++)
        {
            _estimator.AddUplink(Sample(MediaKind.Audio, AudioRate, audioUp, jitter));
            _estimator.AddUplink(Sample(MediaKind.Video, VideoRate, videoUp, jitter));
            _estimator.AddDownlink(Sample(MediaKind.Audio, AudioRate, audioDown, jitter));
            _estimator.AddDownlink(Sample(MediaKind.Video, VideoRate, videoDown, jitter));
            changes += Tick(roundTrip: roundTrip) ? 1 : 0;
        }
        return changes;
    }

    private bool Tick(bool mediaExpected = true, bool arrives = true, bool media = true, int roundTrip = 50)
    {
        _now += ConnectionQualityEstimator.UpdateInterval;
        if (arrives)
            _lastArrival = _now;
        if (media)
            _lastMedia = _now;
        ConnectionQuality before = _estimator.Quality;
        bool changed =
            _estimator.Update(
                new ConnectionSample(mediaExpected, _lastMedia, _lastArrival, TimeSpan.FromMilliseconds(roundTrip), _shortage), _now);
        Assert.Equal(before != _estimator.Quality, changed);
        return changed;
    }

    private static StreamSample Sample(MediaKind kind, int packets, double loss, int jitter) =>
        new(kind, packets * 10, (long)Math.Round(packets * 10 * loss), TimeSpan.FromMilliseconds(jitter));
}
