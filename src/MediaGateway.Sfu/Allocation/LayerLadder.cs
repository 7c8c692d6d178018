using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Allocation;

/// <summary>
/// The steps in which a publication can be sent within what a subscriber wants, each dearer than the one below. Temporal layers are the
/// smaller steps and come before spatial ones. Only what is sent now is a step: of anything else a key frame would never come.
/// </summary>
internal static class LayerLadder
{
    /// <summary>Most steps of one ladder.</summary>
    public const int MaxRungs = 1 + (LayerMeter.MaxSpatial * LayerMeter.MaxTemporal);

    /// <summary>
    /// Assumed rate of the lowest of several encodings that has not been measured yet, bits per second. Each above it takes three times
    /// that of the one below, as browsers' encoders do.
    /// </summary>
    private const long AssumedLowest = 200_000;

    /// <summary>The same for an encoding that is the only one.</summary>
    private const long AssumedSingle = 1_000_000;

    private const int AssumedFactor = 3;

    /// <summary>Builds the ladder, lowest step first.</summary>
    /// <param name="publication">The source.</param>
    /// <param name="wanted">Layers that would be sent if the line had the room.</param>
    /// <param name="isScreen">
    /// Whether it is a shared screen: its layers may lose all frames but the base's before the next lower picture is sent, and its rate is
    /// the mean, for it moves in bursts.
    /// </param>
    /// <param name="rungs">Room for <see cref="MaxRungs"/>.</param>
    /// <returns>The number of steps; 0 when there is nothing to send.</returns>
    public static int Build(Publication publication, in MaxLayers wanted, bool isScreen, Span<LayerRung> rungs)
    {
        if (wanted.Paused || publication.Select(wanted) is not { } best)
            return 0;
        var builder = new Builder(rungs, wanted, isScreen);
        if (publication.IsScalable)
        {
            builder.AddKeyFrames(best, rank: 0);
            int highest = Math.Min(wanted.Spatial, publication.SpatialLayerCount - 1);
            for (int spatial = 0; spatial <= Math.Min(highest, LayerMeter.MaxSpatial - 1); spatial++)
                builder.AddSpatial(best, spatial, spatial, AssumedSingle);
            return builder.Count;
        }
        long assumed = publication.EncodingCount > 1 ? AssumedLowest : AssumedSingle;
        for (int rank = 0, highest = publication.RankOf(best); rank <= Math.Min(highest, LayerMeter.MaxSpatial - 1); rank++)
        {
            if (publication.SentAt(rank) is { } encoding)
            {
                builder.AddKeyFrames(encoding, rank);
                builder.AddSpatial(encoding, rank, spatial: int.MaxValue, assumed);
            }
            assumed *= AssumedFactor;
        }
        return builder.Count;
    }

    private ref struct Builder(Span<LayerRung> rungs, MaxLayers wanted, bool isScreen)
    {
        private readonly Span<LayerRung> _rungs = rungs;
        private readonly MaxLayers _wanted = wanted;
        private bool _isFirst = true;

        public int Count { get; private set; }

        /// <summary>Adds the step of key frames alone, below all others, where the encoder makes them by itself.</summary>
        public void AddKeyFrames(PublishedEncoding encoding, int rank)
        {
            if (Count == 0 && _isFirst && encoding.Costs.KeyFrameRate is > 0 and { } rate)
                Add(new MaxLayers(Paused: false, rank, MaxLayers.KeyFrames), rate, rate);
        }

        /// <summary>Adds the steps of an encoding, or of the spatial layers of one up to the highest.</summary>
        public void AddSpatial(PublishedEncoding encoding, int rank, int spatial, long assumed)
        {
            LayerMeter costs = encoding.Costs;
            int highest = Math.Min(Math.Min(_wanted.Temporal, encoding.TemporalLayerCount - 1), LayerMeter.MaxTemporal - 1);
            // At a quarter of its frames a larger picture of a camera is no better than a smaller one that moves.
            int lowest = isScreen || _isFirst ? 0 : Math.Min(1, highest);
            long mean = costs.KeyFrameRate, peak = mean;
            for (int temporal = 0; temporal <= highest; temporal++)
            {
                for (int layer = 0; layer <= Math.Min(spatial, costs.SpatialLayers - 1); layer++)
                {
                    mean += costs.MeanOf(layer, temporal);
                    peak += isScreen ? costs.MeanOf(layer, temporal) : costs.PeakOf(layer, temporal);
                }
                if (temporal < lowest)
                    continue;
                MaxLayers layers = new(Paused: false, rank, temporal);
                if (costs.IsKnown)
                    Add(layers, mean, peak);
                else
                    Add(layers, assumed * (temporal + 1) / (highest + 1), assumed * (temporal + 1) / (highest + 1));
            }
            _isFirst = false;
        }

        /// <summary>Adds a step; those below that are no cheaper are of no use.</summary>
        private void Add(in MaxLayers layers, long mean, long peak)
        {
            while (Count > 0 && _rungs[Count - 1].Peak >= peak)
                Count--;
            mean = Math.Max(Math.Min(mean, peak), Count > 0 ? _rungs[Count - 1].Mean : 0);
            _rungs[Count++] = new LayerRung(layers, mean, peak);
        }
    }
}
