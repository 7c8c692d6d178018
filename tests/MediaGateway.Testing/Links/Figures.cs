namespace MediaGateway.Testing.Links;

/// <summary>Figures of many measured values.</summary>
public static class Figures
{
    /// <summary>The value that so many of the values, 0 to 1, do not exceed; 0 without values.</summary>
    public static double Percentile(IEnumerable<double> values, double part)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted.Length == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <summary>Jain's index of fairness (RFC 5166 section 2.2.3.2): 1 for equal shares, 1/n when one of n has everything.</summary>
    public static double Fairness(params IReadOnlyCollection<double> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        double squares = shares.Sum(share => share * share);
        return squares == 0 ? 1 : shares.Sum() * shares.Sum() / (shares.Count * squares);
    }
}
