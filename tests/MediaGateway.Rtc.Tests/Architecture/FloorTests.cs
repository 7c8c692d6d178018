using System.Text.RegularExpressions;
using MediaGateway.Testing.Repository;

namespace MediaGateway.Rtc.Tests.Architecture;

/// <summary>The floor order inside the pure projects, read from docs/architecture.md itself.</summary>
public sealed partial class FloorTests
{
    [Theory]
    [InlineData("Rtc")]
    [InlineData("Sfu")]
    public void Folder_sees_only_folders_below_it(string project)
    {
        Dictionary<string, int> floors = FloorsOf(project);
        List<string> violations = [];
        foreach (string file in RepositoryFiles.SourcesUnder($"src/MediaGateway.{project}"))
        {
            string folder = FolderOf(file);
            foreach (string seen in FoldersSeen(file, project).Where(seen => seen != folder && floors[seen] >= floors[folder]))
                violations.Add($"{RepositoryFiles.RelativePath(file)} sees {seen}");
        }
        Assert.Empty(violations);
    }

    [Theory]
    [InlineData("Rtc")]
    [InlineData("Sfu")]
    public void Every_folder_has_its_floor(string project) => Assert.Equal(
        RepositoryFiles.SourcesUnder($"src/MediaGateway.{project}").Select(FolderOf).Distinct().Order(StringComparer.Ordinal),
        FloorsOf(project).Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Rtc", "Sfu|Platform|Server")]
    [InlineData("Sfu", "Platform|Server")]
    [InlineData("Platform", "Sfu|Server")]
    public void Project_names_no_project_that_it_may_not_see(string project, string others)
    {
        var forbidden = new Regex($@"\bMediaGateway\.({others})\.");
        Assert.Empty(RepositoryFiles
            .SourcesUnder($"src/MediaGateway.{project}")
            .Where(file => forbidden.IsMatch(File.ReadAllText(file)))
            .Select(RepositoryFiles.RelativePath));
    }

    /// <summary>"Primitives &lt; Buffers &lt; {Stun Rtp}" makes floors 0, 1 and 2.</summary>
    private static Dictionary<string, int> FloorsOf(string project)
    {
        string document = File.ReadAllText(RepositoryFiles.PathOf("docs/architecture.md"));
        Match order = Regex.Match(document, $@"Inside `{project}`[^:]*:([^.]+)\.");
        Assert.True(order.Success, $"docs/architecture.md gives no floor order for {project}");
        Dictionary<string, int> floors = [];
        string[] steps = order.Groups[1].Value.Split('<');
        for (int floor = 0; floor < steps.Length; floor++)
        {
            foreach (Match folder in Word().Matches(steps[floor]))
                floors.Add(folder.Value, floor);
        }
        return floors;
    }

    private static IEnumerable<string> FoldersSeen(string file, string project) => Regex
        .Matches(File.ReadAllText(file), $@"\bMediaGateway\.{project}\.(\w+)")
        .Select(match => match.Groups[1].Value)
        .Distinct();

    /// <summary>The folder directly below the project's.</summary>
    private static string FolderOf(string file) => RepositoryFiles.RelativePath(file).Split('/')[2];

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
