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
            $"{importance}: {First(importance, max => max.Spatial <= 1)}, {First(importance, max => max.Spatial == 0)}, "
                + $"{First(importance, max => max.Temporal == 0)}, "
            + $"{First(importance, max => max.Paused)} to {First(importance, max => max.Paused, SheddingPlan.Places - 1)}")];

        Assert.Equal(plan, Row().Matches(RepositoryFiles.Read("docs/overload.md")).Select(row =>
            $"{row.Groups["name"].Value}: "
            + string.Join(", ", row.Groups["cells"].Value
                .Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))));
    }

    private static int First(VideoImportance importance, Predicate<MaxLayers> holds, int place = 0) =>
        Enumerable.Range(0, SheddingPlan.MaxLevel + 1).First(level => holds(SheddingPlan.LimitOf(level, importance, place)));

    [GeneratedRegex(@"^\| `(?<name>[A-Z]\w+)` \|(?<cells>.+)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
