namespace MediaGateway.LoadTester.Targets;

/// <summary>State that a server reports.</summary>
/// <param name="Peers">Connections that it holds.</param>
/// <param name="SheddingLevel">How much its busiest worker leaves out, 0 for nothing; see docs/overload.md.</param>
/// <param name="Drops">Packets that did not go on, since its start, by reason.</param>
internal sealed record ServerState(int Peers, int SheddingLevel, IReadOnlyDictionary<string, long> Drops)
{
    /// <summary>The reasons that were given since then.</summary>
    public IReadOnlyDictionary<string, long> DropsSince(ServerState earlier) => Drops
        .Select(drop => KeyValuePair.Create(drop.Key, drop.Value - earlier.Drops.GetValueOrDefault(drop.Key)))
        .Where(drop => drop.Value > 0)
        .ToDictionary();
}
