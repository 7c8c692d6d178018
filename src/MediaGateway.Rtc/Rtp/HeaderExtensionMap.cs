namespace MediaGateway.Rtc.Rtp;

/// <summary>
/// The header extensions negotiated for one media section, by kind and by local identifier (RFC 8285 section 5).
/// Identifiers 1-14 fit the one-byte form; up to 255 need the two-byte form. Immutable.
/// </summary>
public sealed class HeaderExtensionMap
{
    public static readonly HeaderExtensionMap Empty = new([]);

    private readonly byte[] _idOfKind = new byte[(int)HeaderExtensionKind.VideoLayersAllocation + 1];

    /// <summary>One more than the kind; 0 for none. As long as its highest identifier.</summary>
    private readonly byte[] _kindOfId;

    /// <exception cref="ArgumentException">A kind or an identifier appears twice, or an identifier is 0.</exception>
    public HeaderExtensionMap(IEnumerable<KeyValuePair<HeaderExtensionKind, byte>> ids)
    {
        Entries = [.. ids];
        int highest = 0;
        foreach ((_, byte id) in Entries)
            highest = Math.Max(highest, id);
        _kindOfId = new byte[highest + 1];
        foreach ((HeaderExtensionKind kind, byte id) in Entries)
        {
            if (id == 0)
                throw new ArgumentException($"{kind}: identifier 0 is reserved for padding.", nameof(ids));
            if (_idOfKind[(int)kind] != 0 || _kindOfId[id] != 0)
                throw new ArgumentException($"{kind} or its identifier {id} appears twice.", nameof(ids));
            _idOfKind[(int)kind] = id;
            _kindOfId[id] = (byte)(kind + 1);
        }
    }

    /// <summary>Kinds and identifiers in the order given.</summary>
    public IReadOnlyList<KeyValuePair<HeaderExtensionKind, byte>> Entries { get; }

    /// <summary>The local identifier of a kind; 0 when it was not negotiated.</summary>
    public byte IdOf(HeaderExtensionKind kind) => _idOfKind[(int)kind];

    public bool TryGetKind(byte id, out HeaderExtensionKind kind)
    {
        int found = id < _kindOfId.Length ? _kindOfId[id] : 0;
        kind = (HeaderExtensionKind)Math.Max(0, found - 1);
        return found != 0;
    }
}
