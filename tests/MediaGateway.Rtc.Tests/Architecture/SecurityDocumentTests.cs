using System.Text.RegularExpressions;
using MediaGateway.Testing.Repository;

namespace MediaGateway.Rtc.Tests.Architecture;

/// <summary>docs/security.md promises nothing that no test holds.</summary>
public sealed partial class SecurityDocumentTests
{
    [Fact]
    public void Every_test_that_the_document_names_exists()
    {
        HashSet<string> tests = [.. TestsOfRepository()];
        Assert.Contains($"{nameof(SecurityDocumentTests)}.{nameof(Every_test_that_the_document_names_exists)}", tests);
        Assert.Empty(NamedTests(Document()).Except(tests));
    }

    [Fact]
    public void Every_threat_names_its_tests()
    {
        string[] threats = [.. Document().Split("\n### ").Skip(1)];
        Assert.NotEmpty(threats);
        Assert.Empty(threats.Where(threat => !NamedTests(threat).Any()).Select(threat => threat.Split('\n')[0]));
    }

    private static string Document() => File.ReadAllText(RepositoryFiles.PathOf("docs/security.md"));

    private static IEnumerable<string> NamedTests(string text) => TestName().Matches(text).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> TestsOfRepository() =>
        from file in RepositoryFiles.SourcesUnder("tests")
        from test in TestMethod().Matches(File.ReadAllText(file))
        select $"{Path.GetFileNameWithoutExtension(file)}.{test.Groups[1].Value}";

    [GeneratedRegex(@"`(\w+Tests?\.\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\[(?:Fact|Theory|CallerClockFact)[^\n]*\n(?:\s*\[[^\n]*\n|\s*//[^\n]*\n)*?\s*public (?:async Task|void) (\w+)\(")]
    private static partial Regex TestMethod();
}
