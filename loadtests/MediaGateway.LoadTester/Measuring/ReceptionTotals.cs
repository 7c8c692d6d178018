namespace MediaGateway.LoadTester.Measuring;

/// <summary>Sums over receptions, and what came between two of them.</summary>
/// <param name="Received">Packets, each once.</param>
/// <param name="Missing">Packets that did not come, though later ones did.</param>
/// <param name="Duplicates">Packets that came again.</param>
/// <param name="Reordered">Packets that came after a later one.</param>
/// <param name="Damaged">Packets that were not as they were sent.</param>
internal readonly record struct ReceptionTotals(long Received, long Missing, long Duplicates, long Reordered, long Damaged)
{
    public static ReceptionTotals Of(IEnumerable<Reception> receptions)
    {
        ReceptionTotals total = default;
        foreach (Reception reception in receptions)
        {
            total += new ReceptionTotals(reception.Received, reception.Missing, reception.Duplicates, reception.Reordered, reception.Damaged);
        }
        return total;
    }

    public static ReceptionTotals operator +(ReceptionTotals a, ReceptionTotals b) =>
        new(a.Received + b.Received, a.Missing + b.Missing, a.Duplicates + b.Duplicates, a.Reordered + b.Reordered, a.Damaged + b.Damaged);

    public static ReceptionTotals operator -(ReceptionTotals a, ReceptionTotals b) =>
        new(a.Received - b.Received, a.Missing - b.Missing, a.Duplicates - b.Duplicates, a.Reordered - b.Reordered, a.Damaged - b.Damaged);
}
