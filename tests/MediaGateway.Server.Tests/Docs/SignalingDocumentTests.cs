using System.Globalization;
using System.Text.RegularExpressions;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Surfaces.LiveKit.Signaling;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Docs;

public sealed partial class SignalingDocumentTests
{
    [Fact]
    public void Every_error_code_is_mapped()
        => Assert.Equal(Enum.GetValues<ErrorCode>().Order(), HttpProblems.Kinds.Keys.Order());

    [Fact]
    public void Document_lists_exactly_the_statuses_and_codes_of_the_mapping()
    {
        IEnumerable<(int, string)> documented = StatusRow().Matches(RepositoryFiles.Read("docs/signaling.md"))
            .Select(match => (int.Parse(match.Groups["status"].Value, CultureInfo.InvariantCulture), match.Groups["code"].Value));

        Assert.Equal(HttpProblems.Kinds.OrderBy(pair => pair.Key).Select(pair => (pair.Value.Status, pair.Value.Code)), documented);
    }

    [Fact]
    public void Document_lists_exactly_the_close_codes_of_the_mapping()
    {
        IEnumerable<(int, string)> documented = CloseRow().Matches(RepositoryFiles.Read("docs/signaling.md"))
            .Select(match => (int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture), match.Groups["reason"].Value));

        Assert.Equal(SignalCloses.All.Values.Select(close => ((int)close.Status, close.Reason)).Order(), documented.Order());
    }

    [Fact]
    public void Codes_are_unique() =>
        Assert.Equal(HttpProblems.Kinds.Count, HttpProblems.Kinds.Values.Select(kind => kind.Code).Distinct().Count());

    [GeneratedRegex(@"^\| (?<status>\d{3}) \| `(?<code>[a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex StatusRow();

    [GeneratedRegex(@"^\| (?<code>\d{4}) \| `(?<reason>[a-z ]+)` \|", RegexOptions.Multiline)]
    private static partial Regex CloseRow();
}
