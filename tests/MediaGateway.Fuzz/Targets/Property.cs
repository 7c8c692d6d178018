namespace MediaGateway.Fuzz.Targets;

internal static class Property
{
    /// <exception cref="InvalidOperationException">The property does not hold.</exception>
    public static void Holds(bool condition, string property)
    {
        if (!condition)
            throw new InvalidOperationException($"violated: {property}");
    }
}
