namespace MediaGateway.Server.Operations;

/// <summary>A page of a list.</summary>
/// <param name="Items">The entries, in the order of the list.</param>
/// <param name="LastKey">Key of the last entry, behind which the next page begins; null on the last page.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? LastKey)
{
    /// <summary>The same page with each entry turned into something else.</summary>
    public Page<TOther> Select<TOther>(Func<T, TOther> selector) => new([.. Items.Select(selector)], LastKey);
}
