using MediaGateway.Sfu.Quality;

namespace MediaGateway.Sfu.Tests.Quality;

public sealed class OpinionScoreTests
{
    [Fact]
    public void Limits_are_those_of_the_tables()
    {
        // G.107, annex B, and G.109: R = 93.2, 80, 60.
        Assert.Equal(4.41, OpinionScore.Best, 0.01);
        Assert.Equal(4.03, OpinionScore.Satisfied, 0.01);
        Assert.Equal(3.1, OpinionScore.Acceptable, 0.01);
    }

    [Theory]
    [InlineData(0, 0, 4.41)]
    [InlineData(0, 150, 4.34)]
    [InlineData(0, 400, 3.05)]
    [InlineData(0.05, 60, 3.80)]
    [InlineData(0.2, 60, 1.95)]
    [InlineData(1, 1000, 1)]
    public void Audio_score_falls_with_loss_and_delay(double loss, double delay, double expected) =>
        Assert.Equal(expected, OpinionScore.Audio(loss, delay), 0.05);

    [Theory]
    [InlineData(0, 0, 4.41)]
    [InlineData(0.02, 0, 4.03)]
    [InlineData(0.1, 0, 3.1)]
    [InlineData(0.3, 0, 1)]
    [InlineData(1, 5000, 1)]
    public void Video_score_falls_with_loss(double loss, double delay, double expected) =>
        Assert.Equal(expected, OpinionScore.Video(loss, delay), 0.01);

    [Fact]
    public void Scores_never_rise_with_loss_or_delay()
    {
        for (int delay = 0; delay <= 2000; delay += 50)
        {
            for (int percent = 0; percent < 100; percent++)
            {
                double loss = percent / 100.0;
                Assert.InRange(OpinionScore.Audio(loss + 0.01, delay), 1, OpinionScore.Audio(loss, delay));
                Assert.InRange(OpinionScore.Video(loss + 0.01, delay), 1, OpinionScore.Video(loss, delay));
                Assert.InRange(OpinionScore.Audio(loss, delay + 50), 1, OpinionScore.Audio(loss, delay));
            }
        }
    }
}
