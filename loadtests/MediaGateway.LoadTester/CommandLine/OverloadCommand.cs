using System.CommandLine;
using System.Text.Json;
using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Reports;
using MediaGateway.LoadTester.Scenarios;
using MediaGateway.LoadTester.Servers;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Dtls;
using Spectre.Console;

namespace MediaGateway.LoadTester.CommandLine;

/// <summary><c>overload</c>: more than the gateway can carry.</summary>
internal sealed class OverloadCommand(SharedOptions shared)
{
    private readonly Argument<FileInfo> _scenario = new Argument<FileInfo>("scenario")
    { Description = "A scenario's file." }.AcceptExistingOnly();
    private readonly Option<double> _offered = new("--offered")
    { Description = "Viewers, times those that the gateway carries.", DefaultValueFactory = _ => 2 };

    public Command Create()
    {
        Command command = new("overload", "Find out what a gateway carries, offer it more, and take it back.") { _scenario, _offered };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var scenario = Scenario.Read(parsed.GetRequiredValue(_scenario).FullName);
        bool isJson = parsed.GetValue(shared.Json);
        var clock = new MonotonicClock();
        using var dtls = new OpenSslDtlsContext(DtlsCertificate.CreateSelfSigned(TimeProvider.System));
        await using GatewayServer server = await GatewayServer.StartAsync(
            parsed.GetRequiredValue(shared.Gateway), TargetNames.Gateway, shared.SettingsOf(parsed), cancellation);
        var progress = new ConsoleProgress(Messages.Console(isJson), scenario.Name);
        await using var run =
            new OverloadRun(server, new PeerSetup(dtls, new SystemEntropy(), clock), scenario, parsed.GetValue(_offered), clock, progress);
        OverloadResult result = await run.RunAsync(cancellation);
        if (isJson)
            Console.WriteLine(JsonSerializer.Serialize(result, Messages.Json));
        else
            AnsiConsole.Write(OverloadTable.Of(result));
        return 0;
    }
}
