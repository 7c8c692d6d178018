namespace MediaGateway.LoadTester.Measuring;

/// <summary>Sums over receptions, and what came between two of them.</summary>
/// <param name="Received">Packets, each once.</param>
/// <param name="Missing">Packets that did not come, though later ones did.</param>
/// <param name="Lost">Of these, those whose number did not come.</param>
/// <param name="Duplicates">Packets that came again.</param>
/// <param name="Reordered">Packets that came after a later one.</param>
/// <param name="Damaged">Packets that were not as they were sent, or where none like it may stand.</param>
/// <param name="LayerChanges">Changes from one encoding to another, each at a key frame.</param>
internal readonly record struct ReceptionTotals(long Received, long Missing, long Lost, long Duplicates, long Reordered, long Damaged,
    long LayerChanges)
{
    public static ReceptionTotals Of(IEnumerable<Reception> receptions)
    {
        ReceptionTotals total = default;
        foreach (Reception reception in receptions)
        {
            total += new ReceptionTotals(reception.Received, reception.Missing, reception.Lost, reception.Duplicates, reception.Reordered,
                reception.Damaged, reception.LayerChanges);
        }
        return total;
    }

    public static ReceptionTotals operator +(ReceptionTotals a, ReceptionTotals b) =>
        new(a.Received + b.Received, a.Missing + b.Missing, a.Lost + b.Lost, a.Duplicates + b.Duplicates, a.Reordered
            + b.Reordered, a.Damaged + b.Damaged, a.LayerChanges + b.LayerChanges);

    public static ReceptionTotals operator -(ReceptionTotals a, ReceptionTotals b) =>
        new(a.Received - b.Received, a.Missing - b.Missing, a.Lost - b.Lost, a.Duplicates - b.Duplicates, a.Reordered - b.Reordered,
            a.Damaged - b.Damaged, a.LayerChanges - b.LayerChanges);
}
