using System.Text.RegularExpressions;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Docs;

/// <summary>The repository's Markdown pages.</summary>
internal static partial class Pages
{
    private static readonly string[] Elsewhere = [".git", "artifacts", "bin", "node_modules", "obj"];

    /// <summary>Paths relative to the repository, with forward slashes.</summary>
    public static IEnumerable<string> All()
    {
        string root = RepositoryFiles.PathOf("");
        return Directory.EnumerateFiles(root, "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(file => !file.Split('/').Any(Elsewhere.Contains))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>A page without its fenced blocks, where nothing is a link.</summary>
    public static string Prose(string page) => FencedBlock().Replace(RepositoryFiles.Read(page), "");

    /// <summary>The lines of a page's <c>sh</c> blocks.</summary>
    public static IEnumerable<string> Commands(string page) => FencedBlock().Matches(RepositoryFiles.Read(page))
        .Where(block => block.Groups["language"].Value == "sh")
        .SelectMany(block =>
            block.Groups["text"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Anchors of a page's headings, as GitHub makes them.</summary>
    public static IEnumerable<string> Anchors(string page) => Heading().Matches(Prose(page))
        .Select(heading => NoAnchorCharacter().Replace(heading.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"^```(?<language>[a-z]*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FencedBlock();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoAnchorCharacter();
}
