namespace MediaGateway.Sfu.Quality;

/// <summary>
/// Mean opinion scores from what a network does to packets: for audio the E-model (ITU-T G.107) with its defaults
/// for everything that happens outside the network, for video the limits of a sender's loss-based rate control.
/// </summary>
internal static class OpinionScore
{
    /// <summary>Best rating that G.107's default values leave of 100.</summary>
    private const double BestRating = 93.2;

    /// <summary>
    /// Robustness to loss of G.711 with loss concealment at random loss (G.113, appendix I). There is no figure for Opus, which conceals
    /// better.
    /// </summary>
    private const double LossRobustness = 25.1;

    /// <summary>
    /// Ratio of the bursts that congestion loses to those of chance (G.107, BurstR): taken to be twice as long, as reports do not
    /// say.
    /// </summary>
    private const double BurstRatio = 2;

    // draft-ietf-rmcat-gcc-02, section 6: a sender raises its rate below 2 % of loss and cuts it above 10 %.
    private const double UnnoticedVideoLoss = 0.02;
    private const double HarmfulVideoLoss = 0.1;
    private const double UselessVideoLoss = 0.3;

    /// <summary>Packetization and the least playout delay of a receiver, in milliseconds.</summary>
    private const double FixedDelay = 60;

    /// <summary>The score where nothing is lost or late.</summary>
    public static double Best { get; } = FromRating(BestRating);

    /// <summary>The score of a rating of 80, from which on users are satisfied (G.109, table 1); below 60 nearly all are not.</summary>
    public static double Satisfied { get; } = FromRating(80);

    /// <inheritdoc cref="Satisfied"/>
    public static double Acceptable { get; } = FromRating(60);

    /// <param name="loss">Share of packets, 0 to 1.</param>
    /// <param name="delay">One way, in milliseconds.</param>
    /// <returns>1 to 4.5.</returns>
    public static double Audio(double loss, double delay)
    {
        double percent = loss * 100;
        // G.107, equation (7-29), for a codec that is without impairment where nothing is lost.
        double lossImpairment = 95 * percent / ((percent / BurstRatio) + LossRobustness);
        return FromRating(BestRating - lossImpairment - DelayImpairment(delay));
    }

    /// <inheritdoc cref="Audio"/>
    public static double Video(double loss, double delay)
    {
        double score = loss switch
        {
            < UnnoticedVideoLoss => Between(loss, 0, UnnoticedVideoLoss, Best, Satisfied),
            < HarmfulVideoLoss => Between(loss, UnnoticedVideoLoss, HarmfulVideoLoss, Satisfied, Acceptable),
            _ => Between(Math.Min(loss, UselessVideoLoss), HarmfulVideoLoss, UselessVideoLoss, Acceptable, 1),
        };
        return Math.Max(1, score - (Best - Audio(0, delay)));
    }

    /// <summary>Delay one way, in milliseconds: half the round trip, and a jitter buffer of twice the jitter.</summary>
    public static double DelayOf(double roundTrip, double jitter) => (roundTrip / 2) + (2 * jitter) + FixedDelay;

    /// <summary>
    /// G.107's Id as a line with a bend at 177.3 ms: R. Cole and J. Rosenbluth, "Voice over IP performance monitoring",
    /// ACM SIGCOMM CCR 31(2), 2001.
    /// </summary>
    private static double DelayImpairment(double delay) => (0.024 * delay) + (0.11 * Math.Max(0, delay - 177.3));

    /// <summary>The opinion score of a rating (G.107, annex B).</summary>
    private static double FromRating(double rating) => rating switch
    {
        <= 0 => 1,
        >= 100 => 4.5,
        _ => Math.Max(1, 1 + (0.035 * rating) + (rating * (rating - 60) * (100 - rating) * 7e-6)),
    };

    private static double Between(double value, double low, double high, double atLow, double atHigh) =>
        atLow + ((value - low) / (high - low) * (atHigh - atLow));
}
