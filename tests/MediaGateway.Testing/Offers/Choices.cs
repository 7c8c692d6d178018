namespace MediaGateway.Testing.Offers;

/// <summary>Draws of a seeded generator.</summary>
internal static class Choices
{
    public static T Of<T>(this Random random, params ReadOnlySpan<T> items) => items[random.Next(items.Length)];

    /// <summary>True in one of so many cases.</summary>
    public static bool Once(this Random random, int cases) => random.Next(cases) == 0;

    /// <summary>Each item or not, in their order.</summary>
    public static IEnumerable<T> Some<T>(this Random random, IEnumerable<T> items) => items.Where(_ => random.Once(2)).ToArray();

    public static void Shuffle<T>(this Random random, List<T> items)
    {
        for (int i = items.Count - 1; i > 0; i--)
        {
            int other = random.Next(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
