using System.Reflection;

namespace MediaGateway.Testing.Offers;

/// <summary>
/// The space of offers: one for each seed, of a grammar or of a recorded one whose sections and lines are put otherwise, and then written
/// as one client or another writes. Most can be served; the rest lack something. Pure: a seed always gives the same text.
/// </summary>
public static class OfferSpace
{
    private static readonly string[] Recorded = [.. ReadRecorded()];

    /// <summary>Makes the offer of a seed.</summary>
    public static string Create(int seed)
    {
        var random = new Random(seed);
        List<string> lines = random.Next(4) == 0
            ? OfferReshaping.Reshape(random.Of<string>(Recorded), random)
            : new OfferGrammar(random).Create();
        return OfferWriting.Write(lines, random);
    }

    private static IEnumerable<string> ReadRecorded()
    {
        Assembly assembly = typeof(OfferSpace).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }
}
