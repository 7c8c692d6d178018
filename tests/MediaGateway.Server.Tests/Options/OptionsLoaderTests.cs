using System.Globalization;
using MediaGateway.Platform.Workers;
using MediaGateway.Server.Options;
using MediaGateway.Server.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace MediaGateway.Server.Tests.Options;

public sealed class OptionsLoaderTests
{
    /// <summary>Setting, and what the one error must say.</summary>
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "Http:Listen", "banana", "Http:Listen = \"banana\": not an address and a port" },
        { "Http:Listen", "::1:7880", "write 127.0.0.1:7880, [::1]:7880" },
        { "Http:Listen", "127.0.0.1:70000", "not an address and a port" },
        { "Http:Listen", "localhost:0", "not an address and a port" },
        { "Http:MaxBodyBytes", "1", "Http:MaxBodyBytes = \"1\": write a number from 4096 to 1048576" },
        { "Http:TrustedProxies:0", "proxy.local", "Http:TrustedProxies:0 = \"proxy.local\": write an IP address or a network" },
        { "Media:Port", "seven", "Media:Port = \"seven\": write a whole number" },
        { "Media:Port", "70000", "Media:Port = \"70000\": write a number from 0 to 65535" },
        { "Media:Port", "", "Media:Port = \"\": write a whole number" },
        { "Media:Workers", "0", "Media:Workers = \"0\": write a number from 1 to 256" },
        { "Media:Processors:0", "100000", "Media:Processors:0 = \"100000\": the system has no such processor for this process" },
        { "Media:Processors:0", "first", "Media:Processors:0 = \"first\": write a whole number" },
        { "Media:Datapath", "Windows", "Media:Datapath = \"Windows\": write one of Auto, Linux, Portable" },
        { "Media:Datapath", "1", "write one of Auto, Linux, Portable" },
        { "Media:BindAddresses", "127.0.0.1", "takes a list; write Media:BindAddresses:0" },
        { "Media:BindAddresses:x", "127.0.0.1", "number its entries: Media:BindAddresses:0" },
        { "Media:BindAddresses:0", "7882", "Media:BindAddresses:0 = \"7882\": write an IP address" },
        { "Media:AnnouncedAddresses:0", "0.0.0.0", "clients cannot send to it" },
        { "Bandwidth:Initial", "0", "Bandwidth:Initial = \"0\": write a number from 100000 to 1000000000" },
        { "Bandwidth:MaxPerViewer", "-1", "Bandwidth:MaxPerViewer = \"-1\": write a number from 0 to 1000000000" },
        { "Bandwidth:Enabled", "perhaps", "Bandwidth:Enabled = \"perhaps\"" },
        { "Media:Prot", "7882", "Media:Prot: no such key; did you mean Port?" },
        { "Media", "x", "Media: is a section, not a value" },
        { "Media:Port:0", "1", "takes one value" },
        { "Medai:Port", "7882", "Medai: no such key; did you mean Media?" },
        { "Tls:KeyFile", "key.pem", "Tls: a certificate needs its key" },
        { "Nonsense:Key", "1",
        "Nonsense: no such key; known are Http, Tls, Media, Bandwidth, Auth, Limits, Rooms, Signaling, Control, Metrics, Webhooks, "
        + "IceServers, Stop" },
        { "Auth:Keys:weak", "short", "Auth:Keys:weak: the secret has 5 bytes and needs 32" },
        { "Auth:Secret", "x", "Auth:Secret: no such key" },
        { "Limits:MaxPeers", "-1", "Limits:MaxPeers = \"-1\": write a number from 1" },
        { "IceServers:0:Username", "u", "IceServers:0:Urls: an ICE server needs a URL" },
        { "IceServers:0:Urls:0", "http://example.org", "write a stun:, stuns:, turn: or turns: URL" },
        { "IceServers:0:Urls:0", "stun:a>; rel=evil", "write a stun:, stuns:, turn: or turns: URL" },
        { "IceServers:0:Urls:0", "turn:turn.example.org", "a TURN server needs both Username and Credential" },
        { "Stop:GraceSeconds", "-5", "Stop:GraceSeconds = \"-5\": write a number from 0 to 3600" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_is_named_with_its_key_value_and_fix(string key, string value, string expected)
    {
        Assert.False(Load([(key, value), ("Auth:Keys:k", TestGateway.Secret)], false, out _, out IReadOnlyList<OptionsError> errors));

        OptionsError error = Assert.Single(errors);
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        Load([("Http:Listen", "x"), ("Media:Workers", "0"), ("Stop:GraceSeconds", "-1")], false, out _,
            out IReadOnlyList<OptionsError> errors);
        Assert.Equal(["Http:Listen", "Media:Workers", "Auth:Keys", "Stop:GraceSeconds"], errors.Select(error => error.Key));

        Load([("Media:Port", "x"), ("Media:Nope", "1"), ("Limits:MaxPeers", "y")], false, out _, out errors);
        Assert.Equal(["Limits:MaxPeers", "Media:Nope", "Media:Port"], errors.Select(error => error.Key).Order());
    }

    [Fact]
    public void Each_worker_has_a_processor_of_its_own_or_none_has()
    {
        (string, string) key = ("Auth:Keys:k", TestGateway.Secret);
        string processor = Enumerable.Range(0, 1024).First(ProcessorAffinity.MayUse).ToString(CultureInfo.InvariantCulture);

        Assert.True(Load([key, ("Media:Processors:0", processor)], false, out GatewayOptions? options, out _));
        Assert.Equal([int.Parse(processor, CultureInfo.InvariantCulture)], options!.Media.Processors);

        Assert.False(
            Load([key, ("Media:Workers", "2"), ("Media:Processors:0", processor)], false, out _, out IReadOnlyList<OptionsError> errors));
        Assert.Contains("names 1 processors for 2 media workers", Assert.Single(errors).ToString(), StringComparison.Ordinal);

        Assert.False(Load([key, ("Media:Workers", "2"), ("Media:Processors:0", processor), ("Media:Processors:1", processor)], false, out _,
            out errors));
        Assert.Contains($"Media:Processors:1 = \"{processor}\": another media worker has this one", Assert.Single(errors).ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_never_appear_in_an_error()
    {
        Load([("Auth:Keys:k", "hunter2")], false, out _, out IReadOnlyList<OptionsError> errors);

        Assert.DoesNotContain("hunter2", string.Join('\n', errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_key_outside_development_says_how_to_make_one()
    {
        Assert.False(Load([], false, out _, out IReadOnlyList<OptionsError> errors));

        Assert.Contains("mediagateway key create", Assert.Single(errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Development_has_a_known_key_on_loopback_only()
    {
        Assert.True(Load([], true, out GatewayOptions? options, out _));
        Assert.Equal(DevelopmentKey.Text, options!.Auth.Keys[DevelopmentKey.Name].Reveal());
        Assert.Equal("127.0.0.1:7880", options.Http.Listen);
        Assert.Equal(["127.0.0.1"], options.Media.BindAddresses);

        Assert.False(Load([("Http:Listen", "0.0.0.0:7880")], true, out _, out IReadOnlyList<OptionsError> errors));
        Assert.Contains("loopback only", Assert.Single(errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Configured_keys_replace_the_development_key()
    {
        Assert.True(Load([("Auth:Keys:mine", TestGateway.Secret)], true, out GatewayOptions? options, out _));

        Assert.Equal("mine", Assert.Single(options!.Auth.Keys).Key);
    }

    [Fact]
    public void Values_are_bound_whatever_the_case_of_their_keys()
    {
        Assert.True(Load(
            [("AUTH:KEYS:Key1", TestGateway.Secret), ("MEDIA:PORT", "9000"), ("media:datapath", "portable"),
                ("MEDIA:BINDADDRESSES:0", "::1")],
            false, out GatewayOptions? options, out _));

        Assert.Equal(9000, options!.Media.Port);
        Assert.Equal(MediaDatapath.Portable, options.Media.Datapath);
        Assert.Equal(["::1"], options.Media.BindAddresses);
        Assert.Equal("Key1", Assert.Single(options.Auth.Keys).Key);
    }

    [Theory]
    [InlineData("127.0.0.1:0", true, "http://127.0.0.1:0/")]
    [InlineData("[::1]:7880", true, "http://[::1]:7880/")]
    [InlineData("LOCALHOST:7880", true, "http://127.0.0.1:7880/")]
    [InlineData("*:80", false, "http://127.0.0.1/")]
    [InlineData("0.0.0.0:80", false, "http://127.0.0.1/")]
    [InlineData("[::]:81", false, "http://[::1]:81/")]
    [InlineData("192.0.2.1:81", false, "http://192.0.2.1:81/")]
    public void Listen_address_is_understood(string text, bool loopback, string localUrl)
    {
        Assert.True(ListenAddress.TryParse(text, out ListenAddress? address));
        Assert.Equal(loopback, address.IsLoopback);
        Assert.Equal(new Uri(localUrl), address.LocalUrl);
    }

    private static bool Load(
        (string Key, string Value)[] settings, bool development, out GatewayOptions? options, out IReadOnlyList<OptionsError> errors)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)))
            .Build();
        return OptionsLoader.TryLoad(configuration, development, out options, out errors);
    }
}
