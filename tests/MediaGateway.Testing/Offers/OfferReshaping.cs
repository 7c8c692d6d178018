namespace MediaGateway.Testing.Offers;

/// <summary>
/// A recorded offer whose sections are put in another order, rejected, left out of the bundle, pointed the other way, or robbed of a line.
/// </summary>
internal static class OfferReshaping
{
    private static readonly string[] Directions = ["a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"];

    public static List<string> Reshape(string recorded, Random random)
    {
        List<List<string>> parts = [[]];
        foreach (string line in recorded.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("m=", StringComparison.Ordinal))
                parts.Add([]);
            parts[^1].Add(line);
        }
        List<string> session = parts[0];
        List<List<string>> sections = parts[1..];
        if (random.Once(2))
            random.Shuffle(sections);
        string direction = random.Of<string>(Directions);
        bool isTurned = random.Once(2);
        foreach (List<string> section in sections)
        {
            if (isTurned)
                Turn(section, random.Once(4) ? random.Of<string>(Directions) : direction);
            Reshape(section, random);
        }
        if (random.Once(6))
            session.RemoveAll(line => line.StartsWith("a=group", StringComparison.Ordinal));
        if (random.Once(6))
            sections.RemoveAt(random.Next(sections.Count));
        return [.. session, .. sections.SelectMany(section => section)];
    }

    private static void Reshape(List<string> section, Random random)
    {
        if (random.Once(5))
            section[0] = section[0].Replace(" 9 ", " 0 ", StringComparison.Ordinal);
        if (random.Once(8))
            section.Insert(1, "a=bundle-only");
        if (random.Once(8))
            section.RemoveAll(line => line.StartsWith("a=rtpmap", StringComparison.Ordinal) && random.Once(2));
        if (random.Once(8))
            section.RemoveAll(line => line.StartsWith("a=extmap", StringComparison.Ordinal) && random.Once(2));
        if (random.Once(10))
            section.RemoveAt(random.Next(1, section.Count));
        if (random.Once(10))
            section.Add(section[random.Next(1, section.Count)]);
    }

    private static void Turn(List<string> section, string direction)
    {
        for (int i = 0; i < section.Count; i++)
        {
            if (Directions.Contains(section[i]))
                section[i] = direction;
        }
        if (direction is "a=recvonly" or "a=inactive")
            section.RemoveAll(line => line.StartsWith("a=simulcast", StringComparison.Ordinal)
                || line.StartsWith("a=rid", StringComparison.Ordinal));
    }
}
