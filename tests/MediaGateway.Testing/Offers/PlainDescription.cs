namespace MediaGateway.Testing.Offers;

/// <summary>A description as its lines alone, cut without any code of the gateway's: a check must not share its bugs.</summary>
internal sealed class PlainDescription
{
    private PlainDescription(PlainSection session, List<PlainSection> sections)
    {
        Session = session;
        Sections = sections;
    }

    public PlainSection Session { get; }

    public IReadOnlyList<PlainSection> Sections { get; }

    /// <summary>Names of each BUNDLE group, in their order.</summary>
    public IReadOnlyList<string[]> Groups =>
    [
        .. Session.Values("group")
            .Select(value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["BUNDLE", ..])
            .Select(words => words[1..]),
    ];

    public static PlainDescription Parse(string text)
    {
        List<PlainSection> sections = [new PlainSection()];
        foreach (string written in text.Split('\n'))
        {
            string line = written.TrimEnd('\r', ' ');
            if (line.Length == 0)
                continue;
            if (line.StartsWith("m=", StringComparison.Ordinal))
                sections.Add(new PlainSection());
            sections[^1].Lines.Add(line);
        }
        return new PlainDescription(sections[0], sections[1..]);
    }

    /// <summary>A section's own direction, else the session's, else both ways (RFC 8866 section 6.7).</summary>
    public string DirectionOf(PlainSection section) => section.Direction ?? Session.Direction ?? "sendrecv";
}
