namespace MediaGateway.LoadTester.Measuring;

/// <summary>Exact percentiles of few values; <see cref="Latency"/> is for many.</summary>
internal static class Percentiles
{
    /// <param name="values">In any order.</param>
    /// <param name="part">0.5 for the median, 1 for the greatest.</param>
    /// <returns>0 when there are none.</returns>
    public static double Of(IReadOnlyCollection<double> values, double part) =>
        values.Count == 0 ? 0 : values.Order().ElementAt((int)Math.Min(values.Count - 1, part * values.Count));
}
