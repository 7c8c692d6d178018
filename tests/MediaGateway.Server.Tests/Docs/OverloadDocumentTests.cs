using System.Text.RegularExpressions;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Server.Tests.Docs;

public sealed partial class OverloadDocumentTests
{
    [Fact]
    public void Document_gives_the_levels_of_the_plan()
    {
        string[] plan = [.. Enum.GetValues<VideoImportance>().Select(importance =>
            $"{importance}: {First(importance, cap => cap.MaxSpatial <= 1)}, {First(importance, cap => cap.MaxSpatial == 0)}, {First(importance, cap => cap.MaxTemporal == 0)}, "
            + $"{First(importance, cap => cap.Paused)} to {First(importance, cap => cap.Paused, SheddingPlan.Places - 1)}")];

        Assert.Equal(plan, Row().Matches(RepositoryFiles.Read("docs/overload.md")).Select(row =>
            $"{row.Groups["name"].Value}: {string.Join(", ", row.Groups["cells"].Value.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))}"));
    }

    private static int First(VideoImportance importance, Predicate<LayerPreference> holds, int place = 0) =>
        Enumerable.Range(0, SheddingPlan.MaxLevel + 1).First(level => holds(SheddingPlan.CapOf(level, importance, place)));

    [GeneratedRegex(@"^\| `(?<name>[A-Z]\w+)` \|(?<cells>.+)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
