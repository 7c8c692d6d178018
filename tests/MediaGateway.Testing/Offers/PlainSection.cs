namespace MediaGateway.Testing.Offers;

/// <summary>The lines of one section, or of the session.</summary>
internal sealed class PlainSection
{
    private static readonly string[] Directions = ["a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"];

    private string[]? _words;

    public List<string> Lines { get; } = [];

    public string Kind => Words[0];

    public string Port => Words[1].Split('/')[0];

    public string Protocol => Words[2];

    public string[] Formats => Words[3..];

    public bool IsRtp => Kind is "audio" or "video";

    public string? Mid => Values("mid").FirstOrDefault();

    /// <summary>False when it is rejected (RFC 3264 section 6), unless it lives in a bundle alone (RFC 9143 section 6).</summary>
    public bool IsUsed => Port != "0" || Has("bundle-only");

    public string? Direction => AllDirections.FirstOrDefault();

    public IEnumerable<string> AllDirections => Lines.Where(Directions.Contains).Select(line => line[2..]);

    /// <summary>Payload type and encoding of each <c>a=rtpmap</c>.</summary>
    public ILookup<string, string> Encodings => Pairs("rtpmap").ToLookup(pair => pair.Number, pair => pair.Value);

    /// <summary>Id and URI of each <c>a=extmap</c>, without its direction and attributes.</summary>
    public IEnumerable<(string Id, string Uri, string? Direction)> Extensions => Pairs("extmap").Select(pair =>
    {
        string[] head = pair.Number.Split('/');
        return (head[0], pair.Value.Split(' ')[0], head.Length > 1 ? head[1] : null);
    });

    private string[] Words => _words ??= Lines[0][2..].Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public bool Has(string name) => Values(name).Any();

    public IEnumerable<string> Values(string name)
    {
        int end = name.Length + 2;
        foreach (string line in Lines)
        {
            if (line[0] == 'a' && line.AsSpan(2).StartsWith(name) && (line.Length == end || line[end] == ':'))
                yield return line.Length == end ? "" : line[(end + 1)..];
        }
    }

    /// <summary>The first word of each value, and what follows it.</summary>
    public IEnumerable<(string Number, string Value)> Pairs(string name) => Values(name).Select(value =>
    {
        int space = value.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (value, "") : (value[..space], value[(space + 1)..]);
    });
}
