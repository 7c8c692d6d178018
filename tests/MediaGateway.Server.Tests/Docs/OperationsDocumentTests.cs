using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Node;
using MediaGateway.Server.Surfaces.Control.Connect;
using MediaGateway.Server.Surfaces.LiveKit.Webhooks;
using MediaGateway.Server.Telemetry;
using MediaGateway.Server.Tests.Support;
using Microsoft.Extensions.Logging;

namespace MediaGateway.Server.Tests.Docs;

public sealed partial class OperationsDocumentTests
{
    private const string Document = "docs/operations.md";

    [Fact]
    public void Document_explains_exactly_the_drop_reasons()
        => Assert.Equal(Enum.GetNames<DropReason>().Skip(1), FirstCells("### Drop reasons"));

    [Fact]
    public void Document_explains_exactly_the_reasons_why_a_peer_ends()
        => Assert.Equal(Enum.GetNames<PeerCloseReason>().Skip(1).Order(),
            FirstCells("## Logs").Where(name => !int.TryParse(name, out _)).Order());

    [Fact]
    public void Document_lists_exactly_the_log_events()
    {
        IEnumerable<int> logged = new[] { typeof(GatewayLog), typeof(MediaLog), typeof(ControlLog), typeof(CallLog), typeof(WebhookLog) }
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Select(attribute => attribute.EventId);

        IEnumerable<int> documented = EventRow().Matches(Section("## Logs"))
            .SelectMany(row => row.Groups["ids"].Value.Split(", ").Select(id => int.Parse(id, CultureInfo.InvariantCulture)));

        Assert.Equal(logged.Order(), documented.Order());
    }

    [Fact]
    public void Document_lists_exactly_the_instruments()
    {
        IEnumerable<string> made = new[] { "Telemetry", "Observability" }
            .SelectMany(folder => Directory.GetFiles(RepositoryFiles.PathOf($"src/MediaGateway.Server/{folder}"), "*.cs"))
            .SelectMany(source => InstrumentInCode().Matches(File.ReadAllText(source)))
            .Select(match => match.Groups["name"].Value);

        Assert.Equal(made.Order(),
            FirstCells("## Metrics").Where(name => name.StartsWith("mediagateway.", StringComparison.Ordinal)).Order());
    }

    /// <summary>The names in the first column of the tables of one section.</summary>
    private static IEnumerable<string> FirstCells(string heading) => Row().Matches(Section(heading))
        .SelectMany(row => Code().Matches(row.Groups["cell"].Value))
        .Select(code => code.Groups["text"].Value);

    /// <summary>Returns the text from a heading to the next one of any level.</summary>
    private static string Section(string heading)
    {
        string text = RepositoryFiles.Read(Document);
        int start = text.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{Document} has no '{heading}'.");
        int end = text.IndexOf("\n#", start + heading.Length, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    [GeneratedRegex(@"^\| (?<cell>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| (?<ids>\d+(, \d+)*) \|", RegexOptions.Multiline)]
    private static partial Regex EventRow();

    [GeneratedRegex("\"(?<name>mediagateway\\.[a-z.]+)\"")]
    private static partial Regex InstrumentInCode();
}
