namespace MediaGateway.Sfu.Quality;

/// <summary>
/// Loss and jitter of all streams of a kind and direction, smoothed: older packets count less and less, so that a thin
/// stream is judged by more of its past than a thick one.
/// </summary>
internal struct StreamLoss
{
    /// <summary>Number of packets below which loss says little: one lost of three is no third.</summary>
    private const double LeastEvidence = 50;

    private double _expected;
    private double _lost;
    private double _jitter;
    private double _highestJitter;

    /// <summary>Share of the packets that were lost, 0 to 1; 0 where nothing was sent for long.</summary>
    public readonly double Loss => _lost / Math.Max(_expected, LeastEvidence);

    /// <summary>Jitter of the stream that has the most, in milliseconds.</summary>
    public readonly double Jitter => _jitter;

    public void Add(in StreamSample sample)
    {
        if (sample.Expected <= 0)
            return;
        _expected += sample.Expected;
        _lost += Math.Clamp(sample.Lost, 0, sample.Expected);
        _highestJitter = Math.Max(_highestJitter, sample.Jitter.TotalMilliseconds);
    }

    /// <param name="remaining">How much of what was before still counts, 0 to 1.</param>
    public void EndInterval(double remaining)
    {
        _expected *= remaining;
        _lost *= remaining;
        _jitter = (_jitter * remaining) + (_highestJitter * (1 - remaining));
        _highestJitter = 0;
    }
}
