using System.Text.Json;
using MediaGateway.Server.Auth;
using MediaGateway.Server.CommandLine;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MediaGateway.Server.Tests.CommandLine;

public sealed class GatewayCommandTests
{
    [Theory]
    [InlineData("", true, true)]
    [InlineData("--publish", true, false)]
    [InlineData("--subscribe", false, true)]
    [InlineData("--publish --subscribe", true, true)]
    public async Task Token_create_prints_a_token_that_the_gateway_takes(string flags, bool publish, bool subscribe)
    {
        (int exitCode, string output, _) = await RunAsync(
            $"token create --key k --secret {TestGateway.Secret} --identity alice --room stage --valid-for 30m {flags}");

        Assert.Equal(0, exitCode);
        AccessToken token = await Validator().ValidateAsync(output.Trim());
        Assert.Equal("alice", token.Identity.Value);
        Assert.Equal(new VideoGrant(true, "stage", publish, subscribe, TrackSources.All), token.Grant);
    }

    [Fact]
    public async Task Token_create_says_what_a_meeting_needs()
    {
        (int exitCode, string output, _) = await RunAsync(
            $"token create --key k --secret {TestGateway.Secret} --identity alice --room stage --name Alice --metadata x "
                + "--can-publish-data false "
            + "--can-update-metadata --hidden --room-admin --room-create --room-list");

        Assert.Equal(0, exitCode);
        AccessToken token = await Validator().ValidateAsync(output.Trim());
        Assert.Equal(new ParticipantClaims { Name = "Alice", Metadata = "x" }, token.Claims);
        VideoGrant expected = new(true, "stage", true, true, TrackSources.All)
        {
            CanPublishData = false,
            CanUpdateOwnMetadata = true,
            Hidden = true,
            RoomAdmin = true,
            RoomCreate = true,
            RoomList = true,
        };
        Assert.Equal(expected, token.Grant);
    }

    [Fact]
    public async Task Token_create_takes_the_configured_key()
    {
        (int exitCode, string output, _) = await RunAsync($"token create --set Auth:Keys:k={TestGateway.Secret} --identity a --room s");

        Assert.Equal(0, exitCode);
        Assert.Equal("a", (await Validator().ValidateAsync(output.Trim())).Identity.Value);
    }

    [Fact]
    public async Task Setting_that_stands_twice_has_its_later_value()
    {
        (int exitCode, string output, string error) = await RunAsync(
            $"token create --set Auth:Keys:k=short --set auth__keys__K={TestGateway.Secret} --identity a --room s");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal("a", (await Validator().ValidateAsync(output.Trim())).Identity.Value);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/no/such/folder/audit.jsonl")]
    public async Task Serve_says_that_the_audit_file_cannot_be_written(string file)
    {
        (int exitCode, _, string error) = await RunAsync($"serve --set Auth:Keys:k={TestGateway.Secret} --set Control:AuditFile={file}");

        Assert.Equal(1, exitCode);
        Assert.Contains($"Control:AuditFile = \"{file}\": cannot be appended to: ", error, StringComparison.Ordinal);
        Assert.Contains("/var/log/mediagateway", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_create_prints_json()
    {
        (int exitCode, string output, _) =
            await RunAsync($"token create --key k --secret {TestGateway.Secret} --identity a --room s --json");

        Assert.Equal(0, exitCode);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal("a", json.RootElement.GetProperty("identity").GetString());
        Assert.Equal("s", json.RootElement.GetProperty("room").GetString());
        Assert.InRange(json.RootElement.GetProperty("expiresAt").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromHours(5.9),
            TimeSpan.FromHours(6));
        await Validator().ValidateAsync(json.RootElement.GetProperty("token").GetString()!);
    }

    [Theory]
    [InlineData("token create --room s", "--identity")]
    [InlineData("token create --identity a --room s --valid-for soon", "--valid-for takes a duration")]
    [InlineData("token create --identity a --room a/b", "--room takes")]
    [InlineData("token create --identity a --room s", "Auth:Keys: no API key is configured")]
    [InlineData("token create --identity a --room s --secret x", "--secret needs --key")]
    [InlineData("token create --identity a --room s --key k --secret short", "needs 32 bytes")]
    [InlineData("token create --identity a --room s --key other --set Auth:Keys:k=" + TestGateway.Secret, "No API key 'other'")]
    [InlineData("token create --identity a --room s --set Auth:Keys:k=" + TestGateway.Secret + " --set Auth:Keys:l="
        + TestGateway.Secret, "name one with --key")]
    [InlineData("serve", "mediagateway key create")]
    [InlineData("--set Media:Prot=1", "did you mean Port?")]
    [InlineData("serve --set Port", "--set takes Key=Value, not 'Port'")]
    [InlineData("serve --config /does/not/exist.json", "/does/not/exist.json")]
    [InlineData("sevre", "sevre")]
    [InlineData("health --url http://127.0.0.1:1/", "does not answer")]
    [InlineData("health --url nowhere", "--url takes")]
    public async Task Mistake_ends_with_1_and_its_reason_and_no_stack_trace(string commandLine, string reason)
    {
        (int exitCode, _, string error) = await RunAsync(commandLine);

        Assert.Equal(1, exitCode);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_on_a_port_in_use_says_so()
    {
        await using TestGateway other = await TestGateway.StartAsync();

        (int exitCode, _, string error) = await RunAsync(
            $"serve --set Control:Listen=none --set Http:Listen={other.Client.BaseAddress!.Authority} --set "
                + $"Auth:Keys:k={TestGateway.Secret}");

        Assert.Equal(1, exitCode);
        Assert.Contains($"cannot listen on Http:Listen = \"{other.Client.BaseAddress.Authority}\"", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_ends_with_0_when_it_is_told_to_stop()
    {
        (int exitCode, _, string error) = await RunAsync(
            $"--set Http:Listen=127.0.0.1:0 --set Control:Listen=none --set Auth:Keys:k={TestGateway.Secret} --set "
                + "Logging:LogLevel:Default=None",
            services => services.AddHostedService<StopOnceStarted>());

        Assert.True(exitCode == 0, error);
    }

    [Fact]
    public async Task Broken_file_is_named()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".json");
        await File.WriteAllTextAsync(file, "{ \"Http\": ");
        try
        {
            (int exitCode, _, string error) = await RunAsync("serve --config " + file);

            Assert.Equal(1, exitCode);
            Assert.Contains(file, error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Key_create_prints_a_setting_that_the_gateway_takes()
    {
        (int exitCode, string output, _) = await RunAsync("key create");

        Assert.Equal(0, exitCode);
        Assert.StartsWith("MEDIAGATEWAY__AUTH__KEYS__API", output, StringComparison.Ordinal);
        string setting = output.Trim()["MEDIAGATEWAY__".Length..];
        (exitCode, _, string error) = await RunAsync($"token create --identity a --room s --set {setting}");
        Assert.True(exitCode == 0, error);
    }

    [Fact]
    public async Task Health_asks_the_gateway()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();

        (int byUrl, _, _) = await RunAsync($"health --url {gateway.Client.BaseAddress}healthz");
        (int byListener, string output, _) = await RunAsync($"health --set Http:Listen={gateway.Client.BaseAddress!.Authority}");

        Assert.Equal(0, byUrl);
        Assert.Equal(0, byListener);
        Assert.Contains("/healthz 200", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        (int exitCode, string output, _) = await RunAsync("--help");

        Assert.Equal(0, exitCode);
        foreach (string command in (string[])["serve", "token", "key", "health", "--config", "--set"])
            Assert.Contains(command, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1800)]
    [InlineData("6h", 21600)]
    [InlineData("7d", 604800)]
    [InlineData("0h", null)]
    [InlineData("-1h", null)]
    [InlineData("6", null)]
    [InlineData("h", null)]
    [InlineData("", null)]
    [InlineData("6w", null)]
    [InlineData("99999999999h", null)]
    public void Lifetime_is_a_number_and_a_unit(string text, int? seconds)
    {
        Assert.Equal(seconds is not null, Lifetime.TryParse(text, out TimeSpan lifetime));
        Assert.Equal(TimeSpan.FromSeconds(seconds ?? 0), lifetime);
    }

    private static TokenValidator Validator()
        => new(new ApiKeys(new AuthOptions { Keys = new Dictionary<string, Secret> { ["k"] = new(TestGateway.Secret) } }),
            TimeProvider.System);

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(string commandLine) => RunAsync(commandLine, _ => { });

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string commandLine,
        Action<IServiceCollection> addServices)
    {
        await using StringWriter output = new();
        await using StringWriter error = new();
        int exitCode = await GatewayCommand.RunAsync(
            commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries), AddServices, output, error, CancellationToken.None);
        return (exitCode, output.ToString(), error.ToString());

        void AddServices(IServiceCollection services)
        {
            services.AddSingleton<ILiveStreams, FakeLiveStreams>();
            services.AddSingleton<IRooms, FakeRooms>();
            addServices(services);
        }
    }

    /// <summary>Does what SIGTERM does, as soon as the gateway is up.</summary>
    private sealed class StopOnceStarted(IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.ApplicationStarted.Register(lifetime.StopApplication);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
