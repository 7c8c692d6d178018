using System.Text.RegularExpressions;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Docs;

/// <summary>Tests that everything the pages refer to exists.</summary>
public sealed partial class PageReferenceTests
{
    public static TheoryData<string> AllPages => [.. Pages.All()];

    [Fact]
    public void Readme_and_docs_are_among_the_pages()
    {
        Assert.Contains("README.md", Pages.All());
        Assert.Contains("docs/operations.md", Pages.All());
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Links_lead_to_files_and_headings(string page)
        => Assert.All(Link().Matches(Pages.Prose(page)).Select(match => match.Groups["target"].Value).Where(IsRelative), target =>
        {
            string[] parts = target.Split('#');
            string file = parts[0].Length == 0 ? page : Resolve(page, parts[0]);
            Assert.True(Exists(file), $"{page} links to {target}, which is not there.");
            if (parts.Length > 1)
                Assert.Contains(parts[1], Pages.Anchors(file));
        });

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Paths_named_in_the_text_exist(string page)
        => Assert.All(
            NamedPath().Matches(Pages.Prose(page)).SelectMany(match => ExpandBraces(match.Groups["path"].Value)),
            path => Assert.True(Exists(path), $"{page} names {path}, which is not there."));

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Commands_run_what_exists(string page)
        => Assert.All(Pages.Commands(page), command =>
        {
            string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // What is copied to comes into being.
            IEnumerable<string> paths = (words[0] == "cp" ? words[..^1] : words).Where(word => RepositoryPath().IsMatch(word));
            Assert.All(paths, path => Assert.True(Exists(path), $"{page}: '{command}' needs {path}, which is not there."));
            if (words[0] == "make")
                Assert.Matches($"(?m)^{Regex.Escape(words[1])}:", RepositoryFiles.Read("Makefile"));
            if (words is ["dotnet", "run", "--project", var project, ..])
                Assert.NotEmpty(Directory.GetFiles(RepositoryFiles.PathOf(project), "*.csproj"));
        });

    private static bool IsRelative(string target) => !target.Contains("://", StringComparison.Ordinal)
        && !target.StartsWith("mailto:", StringComparison.Ordinal);

    private static string Resolve(string page, string target)
        => Path.GetRelativePath(RepositoryFiles.PathOf(""), Path.GetFullPath(Path.Combine(RepositoryFiles.PathOf(page), "..", target)));

    /// <summary>Tells whether a path exists, or names a file that the user makes and git ignores.</summary>
    private static bool Exists(string path)
        => Path.Exists(RepositoryFiles.PathOf(path)) || RepositoryFiles.Read(".gitignore").Split('\n').Contains($"/{path}");

    /// <summary>Expands braces as the shell does: <c>a{b,c}d</c> is <c>abd</c> and <c>acd</c>.</summary>
    private static IEnumerable<string> ExpandBraces(string path)
    {
        Match braces = Braces().Match(path);
        return braces.Success
            ? braces.Groups["choices"].Value.Split(',')
                .SelectMany(choice => ExpandBraces(path.Replace(braces.Value, choice, StringComparison.Ordinal)))
            : [path];
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(?<path>(src|tests|docs|deploy|loadtests)/[^`\s*]+)`")]
    private static partial Regex NamedPath();

    [GeneratedRegex("^(src|tests|docs|deploy|loadtests)/")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"\{(?<choices>[^{}]+)\}")]
    private static partial Regex Braces();
}
