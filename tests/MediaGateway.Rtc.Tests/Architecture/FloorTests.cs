using System.Text.RegularExpressions;
using MediaGateway.Testing.Repository;

namespace MediaGateway.Rtc.Tests.Architecture;

/// <summary>
/// The floor order inside projects, read from docs/architecture.md itself. A floor may name sub-folders: <c>Surfaces/Whip</c>.
/// </summary>
public sealed partial class FloorTests
{
    [Theory]
    [InlineData("Rtc")]
    [InlineData("Sfu")]
    [InlineData("Server")]
    public void Folder_sees_only_folders_below_it(string project)
    {
        Dictionary<string, int> floors = FloorsOf(project);
        List<string> violations = [];
        foreach (string file in FiledSources(project))
        {
            string folder = NearestOf(floors, DirectoryOf(file)) ?? "";
            foreach (string seen in FoldersSeen(file, project, floors)
                .Where(seen => seen != folder && floors[seen] >= floors.GetValueOrDefault(folder)))
                violations.Add($"{RepositoryFiles.RelativePath(file)} sees {seen}");
        }
        Assert.Empty(violations);
    }

    [Theory]
    [InlineData("Rtc")]
    [InlineData("Sfu")]
    [InlineData("Server")]
    public void Every_folder_has_its_floor(string project)
    {
        Dictionary<string, int> floors = FloorsOf(project);
        Assert.Equal(
            FiledSources(project).Select(file => NearestOf(floors, DirectoryOf(file)) ?? $"{DirectoryOf(file)} has none").Distinct()
            .Order(StringComparer.Ordinal),
            floors.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>Signaling, webhooks and Twirp are one surface, LiveKit's, and share its models.</summary>
    [Fact]
    public void No_surface_sees_another()
    {
        List<string> violations = [];
        foreach (string file in RepositoryFiles.SourcesUnder("src/MediaGateway.Server/Surfaces"))
        {
            string surface = DirectoryOf(file).Split('/')[1];
            foreach (Match seen in Surface().Matches(File.ReadAllText(file)))
            {
                if (seen.Groups[1].Value != surface)
                    violations.Add($"{RepositoryFiles.RelativePath(file)} sees {seen.Groups[1].Value}");
            }
        }
        Assert.Empty(violations);
    }

    [Fact]
    public void Only_operations_run_code_on_a_worker() => Assert.Empty(RepositoryFiles
        .SourcesUnder("src/MediaGateway.Server")
        .Where(file => DirectoryOf(file) is not ("Node" or "Operations" or "Hosting"))
        .Where(file => WorkerCode().IsMatch(File.ReadAllText(file)))
        .Select(RepositoryFiles.RelativePath));

    [Theory]
    [InlineData("Rtc", "Sfu|Platform|Server")]
    [InlineData("Sfu", "Platform|Server")]
    [InlineData("Platform", "Sfu|Server")]
    [InlineData("Client", "Rtc|Sfu|Platform|Server")]
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

    /// <summary>The folders whose namespaces a file names. Generated namespaces have no folder.</summary>
    private static IEnumerable<string> FoldersSeen(string file, string project, Dictionary<string, int> floors) => Regex
        .Matches(File.ReadAllText(file), $@"\bMediaGateway\.{project}\.([\w.]+)")
        .Select(match => match.Groups[1].Value)
        .Where(seen => !seen.Contains(".Messages", StringComparison.Ordinal))
        .Select(seen => NearestOf(floors, seen.Replace('.', '/')))
        .OfType<string>()
        .Distinct();

    /// <summary>The sources of a project, but for those beside its project file, which start it and so see everything.</summary>
    private static IEnumerable<string> FiledSources(string project) =>
        RepositoryFiles.SourcesUnder($"src/MediaGateway.{project}").Where(file => DirectoryOf(file).Length > 0);

    /// <summary>"Surfaces/Whip", for a file in that folder of its project.</summary>
    private static string DirectoryOf(string file) => string.Join('/', RepositoryFiles.RelativePath(file).Split('/')[2..^1]);

    /// <summary>The nearest folder with a floor at or above a path; null when there is none.</summary>
    private static string? NearestOf(Dictionary<string, int> floors, string path)
    {
        while (path.Length > 0 && !floors.ContainsKey(path))
            path = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "";
        return path.Length > 0 ? path : null;
    }

    [GeneratedRegex(@"[\w/]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\bMediaGateway\.Server\.Surfaces\.(\w+)")]
    private static partial Regex Surface();

    [GeneratedRegex(@"\b(MediaWorker|WorkerCommands)\b")]
    private static partial Regex WorkerCode();
}
