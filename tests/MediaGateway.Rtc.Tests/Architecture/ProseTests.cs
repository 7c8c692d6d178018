using System.Text.RegularExpressions;
using MediaGateway.Testing.Repository;

namespace MediaGateway.Rtc.Tests.Architecture;

/// <summary>Tests of the commonest faults in comments and pages: summaries that have to be decoded, and lines that are too long.</summary>
public sealed partial class ProseTests
{
    private const int MaxColumns = 140;

    /// <summary>
    /// Words that a summary does not begin with: prepositions, pronouns, conjunctions and question words. A summary says first what the
    /// thing is, so it begins with a noun phrase, or with the verb of what a method does.
    /// </summary>
    private static readonly HashSet<string> Openings = new(StringComparer.OrdinalIgnoreCase)
    {
        "about", "above", "after", "against", "also", "although", "and", "as", "at", "because", "before", "behind", "below", "beneath",
        "beside", "besides", "between", "beyond", "but", "by", "during", "for", "from", "he", "her", "here", "his", "how", "if", "in",
        "into", "it", "its", "no", "nor", "not", "of", "on", "only", "or", "over", "per", "she", "since", "so", "than", "that", "their",
        "them", "then", "these", "they", "this", "those", "though", "through", "to", "under", "until", "unless", "what", "when", "where",
        "whether", "which", "while", "who", "whom", "whose", "with", "within", "without", "yet", "you", "your",
    };

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("loadtests")]
    public void Summary_says_first_what_the_thing_is(string folder) => Assert.Empty(
        from file in RepositoryFiles.SourcesUnder(folder)
        from Match summary in Summary().Matches(File.ReadAllText(file))
        where IsToBeDecoded(summary.Groups["text"].Value)
        select $"{RepositoryFiles.RelativePath(file)}: {summary.Groups["text"].Value}");

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("loadtests")]
    public void Source_line_has_140_columns_at_most(string folder) => Assert.Empty(
        from file in RepositoryFiles.SourcesUnder(folder)
        from line in TooLong(file)
        where !LongLiteral().IsMatch(line.Text)
        select line.Place);

    [Fact]
    public void Page_line_has_140_columns_at_most() => Assert.Empty(
        from page in Pages()
        let code = FencedLines(page)
        from line in TooLong(page)
        where !line.Text.StartsWith('|') && !line.Text.StartsWith("![", StringComparison.Ordinal) && !LongWord().IsMatch(line.Text)
        where !code.Contains(line.Text)
        select line.Place);

    [Fact]
    public void Patterns_find_what_they_look_for()
    {
        Assert.True(IsToBeDecoded("Null while there is."));
        Assert.True(IsToBeDecoded("So few are in the cache anyway."));
        Assert.True(IsToBeDecoded("The queue's alone."));
        Assert.True(IsToBeDecoded("Of its first fragment."));
        Assert.False(IsToBeDecoded("Time at which signaling was lost; null while it is connected."));
        Assert.Equal("One line.", Summary().Match("    /// <summary>One line.</summary>").Groups["text"].Value);
        Assert.Equal("Several lines", Summary().Match("/// <summary>\n/// Several lines\n/// follow.").Groups["text"].Value);
        Assert.Matches(LongLiteral(), "    Parse(\"" + new string('0', 100) + "\")");
        Assert.NotEmpty(Pages());
    }

    private static bool IsToBeDecoded(string summary) =>
        Openings.Contains(FirstWord().Match(summary).Value) || Fragment().IsMatch(summary);

    private static IEnumerable<(string Place, string Text)> TooLong(string file) => File
        .ReadLines(file)
        .Select((text, index) => (Place: $"{RepositoryFiles.RelativePath(file)}:{index + 1}", Text: text))
        .Where(line => line.Text.Length > MaxColumns);

    /// <summary>The lines of a page that are code: samples are not wrapped.</summary>
    private static HashSet<string> FencedLines(string page)
    {
        HashSet<string> lines = [];
        bool isCode = false;
        foreach (string line in File.ReadLines(page))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            else if (isCode)
                lines.Add(line);
        }
        return lines;
    }

    private static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(RepositoryFiles.PathOf("docs"), "*.md").Concat(Directory.EnumerateFiles(RepositoryFiles.Root, "*.md"));

    /// <summary>The first line of a summary's text, whether it stands beside the tag or below it.</summary>
    [GeneratedRegex(@"///[ \t]*<summary>[ \t]*(?:\r?\n[ \t]*///[ \t]*)?(?<text>[^\n<]*)")]
    private static partial Regex Summary();

    [GeneratedRegex(@"^\w+")]
    private static partial Regex FirstWord();

    /// <summary>Summaries without a noun of their own, such as "The queue's alone." and "Null while there is."</summary>
    [GeneratedRegex(@"^(The \w+'s( alone| own)?\.|Null (while|until|when|before|after|for|without|where)\b|True (only )?(there|here)\b)")]
    private static partial Regex Fragment();

    /// <summary>A literal that cannot be wrapped: JSON, text in raw quotes, or a run of characters that is nearly a line long.</summary>
    [GeneratedRegex(@"""""""|""[^"" ]{100,}""|""[^""]{120,}""|^\s*[{""].*[""}\\],?\S*$")]
    private static partial Regex LongLiteral();

    [GeneratedRegex(@"\S{100,}")]
    private static partial Regex LongWord();
}
