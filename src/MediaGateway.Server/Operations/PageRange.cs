namespace MediaGateway.Server.Operations;

/// <summary>
/// Part of a list that a caller wants. It begins behind a key, not at an index: whatever comes and goes between two pages, an entry that
/// stays is in exactly one of them.
/// </summary>
/// <param name="After">Key of the last entry of the page before; empty for the first page.</param>
/// <param name="Size">The most entries of the page, at least 1.</param>
internal readonly record struct PageRange(string After, int Size)
{
    /// <summary>Takes the page out of the list.</summary>
    /// <param name="entries">The list, or at least all of it behind <see cref="After"/>, in the ordinal order of the keys.</param>
    public Page<T> Take<T>(IEnumerable<KeyValuePair<string, T>> entries)
    {
        string after = After;
        KeyValuePair<string, T>[] found =
            [.. entries.Where(entry => string.CompareOrdinal(entry.Key, after) > 0).Take(Size + 1)];
        return new Page<T>([.. found.Take(Size).Select(entry => entry.Value)], found.Length > Size ? found[Size - 1].Key : null);
    }
}
