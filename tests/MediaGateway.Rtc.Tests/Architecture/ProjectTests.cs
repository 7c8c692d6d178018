using System.Xml.Linq;
using MediaGateway.Testing.Repository;

namespace MediaGateway.Rtc.Tests.Architecture;

/// <summary>Tests of which project may reference which (docs/architecture.md, section 3).</summary>
public sealed class ProjectTests
{
    [Theory]
    [InlineData("Rtc", "")]
    [InlineData("Sfu", "Rtc")]
    [InlineData("Platform", "Rtc")]
    [InlineData("Contracts", "")]
    [InlineData("Client", "Contracts")]
    [InlineData("Server", "Client Contracts Platform Rtc Sfu")]
    public void Project_references_only_lower_floors(string project, string expected) =>
        Assert.Equal(expected, string.Join(' ', Included(Load(project), "ProjectReference").Select(NameOf).Order(StringComparer.Ordinal)));

    [Fact]
    public void Every_project_has_its_floor()
    {
        string[] projects = [.. Directory.EnumerateDirectories(RepositoryFiles.PathOf("src")).Select(NameOf).Order(StringComparer.Ordinal)];
        Assert.Equal(["Client", "Contracts", "Platform", "Rtc", "Server", "Sfu"], projects);
    }

    [Theory]
    [InlineData("Rtc")]
    [InlineData("Sfu")]
    [InlineData("Platform")]
    public void Project_below_the_server_needs_no_package(string project) => Assert.Empty(Included(Load(project), "PackageReference"));

    [Theory]
    [InlineData("src/MediaGateway.Rtc/MediaGateway.Rtc.csproj", false)]
    [InlineData("src/MediaGateway.Sfu/MediaGateway.Sfu.csproj", false)]
    [InlineData("src/MediaGateway.Server/MediaGateway.Server.csproj", false)]
    [InlineData("src/MediaGateway.Platform/MediaGateway.Platform.csproj", true)]
    [InlineData("Directory.Build.props", false)]
    public void Unsafe_blocks_are_allowed_only_in_platform(string file, bool allowed) =>
        Assert.Equal(allowed, XDocument.Load(RepositoryFiles.PathOf(file)).Descendants("AllowUnsafeBlocks").Any());

    private static XDocument Load(string project) =>
        XDocument.Load(RepositoryFiles.PathOf($"src/MediaGateway.{project}/MediaGateway.{project}.csproj"));

    private static IEnumerable<string> Included(XDocument project, string item) =>
        project.Descendants(item).Select(reference => reference.Attribute("Include")!.Value);

    /// <summary>"Rtc", of the path of its folder or of its project file.</summary>
    private static string NameOf(string path) =>
        Path.GetFileName(path).Replace(".csproj", "", StringComparison.Ordinal).Replace("MediaGateway.", "", StringComparison.Ordinal);
}
