using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using MediaGateway.Server.Options;
using MediaGateway.Server.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace MediaGateway.Server.Tests.Docs;

public sealed partial class ConfigurationDocumentTests
{
    private const string Document = "docs/configuration.md";

    [Fact]
    public void Document_lists_exactly_the_keys_of_the_options_classes()
        => Assert.Equal(OptionsShape.KeysOf(typeof(GatewayOptions)), Rows().Select(row => row.Key));

    [Fact]
    public void Document_gives_the_defaults_of_the_options_classes()
    {
        GatewayOptions defaults = new();
        foreach ((string key, string documented) in Rows())
        {
            string? actual = DefaultOf(defaults, key);
            if (actual is { Length: > 0 })
                Assert.Equal($"{key}: `{actual}`", $"{key}: {documented}");
        }
    }

    [Fact]
    public void Document_gives_the_ranges_of_the_options_classes()
    {
        IEnumerable<string> declared = OptionsRanges.Of(typeof(GatewayOptions))
            .Select(option => $"{option.Key} {option.Range.Minimum} {option.Range.Maximum}");
        IEnumerable<string> documented =
            from row in RangeRow().Matches(RepositoryFiles.Read(Document))
            from key in Code().Matches(row.Groups["keys"].Value)
            select $"{key.Groups["text"].Value} {row.Groups["min"].Value} {row.Groups["max"].Value}";

        Assert.Equal(declared.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true, "127.0.0.1:7880")]
    [InlineData(false, "*:7880")]
    public void Document_gives_the_listener_of_each_environment(bool development, string listen)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Auth:Keys:k", TestGateway.Secret)])
            .Build();
        Assert.True(OptionsLoader.TryLoad(configuration, development, out GatewayOptions? options, out _));
        Assert.Equal(listen, options.Http.Listen);
        Assert.Contains($"`{listen}`", Rows().Single(row => row.Key == "Http:Listen").Default, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_file_is_valid_outside_development()
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddJsonFile(RepositoryFiles.PathOf("deploy/mediagateway.sample.json"))
            .Build();

        bool valid =
            OptionsLoader.TryLoad(configuration, development: false, out GatewayOptions? options, out IReadOnlyList<OptionsError> errors);

        Assert.True(valid, string.Join('\n', errors));
        Assert.Equal("203.0.113.7", Assert.Single(options!.Media.AnnouncedAddresses));
        Assert.Equal("stun:stun.example.org:3478", Assert.Single(Assert.Single(options.IceServers).Urls));
        Assert.Equal("APIexample", Assert.Single(options.Auth.Keys).Key);
        Assert.Equal(200, options.Limits.MaxStreams);
    }

    [Fact]
    public void Sample_file_has_every_key()
    {
        using JsonDocument sample = JsonDocument.Parse(RepositoryFiles.Read("deploy/mediagateway.sample.json"));

        Assert.All(OptionsShape.KeysOf(typeof(GatewayOptions)), key => Assert.True(Has(sample.RootElement, key), key));
    }

    /// <summary>Tells whether a key stands in a file; {n} and {name} count as present when the list or the section is.</summary>
    private static bool Has(JsonElement element, string key)
    {
        foreach (string name in key.Split(':'))
        {
            if (name == "{name}" || (name == "{n}" && (element.GetArrayLength() == 0 || element[0].ValueKind == JsonValueKind.String)))
                return true;
            if (name == "{n}")
                element = element[0];
            else if (!element.TryGetProperty(name, out element))
                return false;
        }
        return true;
    }

    private static List<(string Key, string Default)> Rows()
        => [.. KeyRow().Matches(RepositoryFiles.Read(Document))
            .Select(match => (match.Groups["key"].Value, match.Groups["default"].Value))];

    /// <summary>The default of a plain value; null for lists and dictionaries.</summary>
    private static string? DefaultOf(object options, string key)
    {
        object? value = options;
        foreach (string name in key.Split(':'))
        {
            if (name.StartsWith('{'))
                return null;
            PropertyInfo property = value!.GetType().GetProperty(name)!;
            value = property.GetValue(value);
        }
        return value?.ToString();
    }

    [GeneratedRegex(@"^\| `(?<key>[A-Za-z]+:[^`]+)` \| (?<default>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex KeyRow();

    [GeneratedRegex(@"^\| (?<min>\d+) to (?<max>\d+) \| (?<keys>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex RangeRow();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Code();
}
