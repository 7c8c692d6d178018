using System.Globalization;
using MediaGateway.LoadTester.Scenarios;
using Spectre.Console;

namespace MediaGateway.LoadTester.Reports;

/// <summary>
/// The memory that a participant of a meeting costs, as a table for people: the median of the rounds, the least and the most.
/// </summary>
internal static class MemoryTable
{
    private const int MostTypes = 25;

    public static Table Of(IReadOnlyList<MemoryResult> rounds)
    {
        Table table = new Table { Title = new TableTitle(Text($"{rounds[0].Participants} participants, {rounds.Count} rounds")) }
            .AddColumns("KiB a participant", "median", "least", "most");
        Add("resident memory", round => round.Resident.Total);
        Add("  of it behind no file: objects, native allocations", round => round.Resident.Anonymous);
        Add("  of it pages of files: code compiled ahead", round => round.Resident.Files);
        Add("  of it shared: code compiled since", round => round.Resident.Shared);
        Add("objects in use", round => round.Live);
        foreach (string type in rounds[0].LiveOf.OrderByDescending(type => type.Value).Take(MostTypes).Select(type => type.Key))
            Add("  of them " + Markup.Escape(type), round => round.LiveOf.GetValueOrDefault(type));
        return table;

        void Add(string name, Func<MemoryResult, long> value)
        {
            double[] kilobytes = [.. rounds.Select(round => value(round) / 1024.0).Order()];
            table.AddRow(name, Text($"{kilobytes[kilobytes.Length / 2]:F1}"), Text($"{kilobytes[0]:F1}"), Text($"{kilobytes[^1]:F1}"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
