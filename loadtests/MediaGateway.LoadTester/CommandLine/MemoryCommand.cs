using System.CommandLine;
using System.Text.Json;
using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Reports;
using MediaGateway.LoadTester.Scenarios;
using MediaGateway.LoadTester.Servers;
using MediaGateway.LoadTester.Targets;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Dtls;
using Spectre.Console;

namespace MediaGateway.LoadTester.CommandLine;

/// <summary><c>memory</c>: what a participant of a meeting costs the gateway, and which objects that is.</summary>
internal sealed class MemoryCommand(SharedOptions shared)
{
    private readonly Argument<FileInfo> _scenario = new Argument<FileInfo>("scenario")
    { Description = "A meeting's file." }.AcceptExistingOnly();
    private readonly Option<int> _rounds = new("--rounds")
    { Description = "Runs, each against a new gateway.", DefaultValueFactory = _ => 3 };
    private readonly Option<int?> _participants = new("--viewers")
    { Description = "Participants of the meeting, in place of the scenario's." };

    public Command Create()
    {
        Command command = new("memory", "Measure the gateway's memory for each participant of a meeting, by type of object.")
            { _scenario, _rounds, _participants };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        Scenario scenario = Scenario.Read(parsed.GetRequiredValue(_scenario).FullName);
        if (scenario.Kind != ScenarioKind.Meeting)
            throw new InvalidOperationException($"{scenario.Name} is no meeting.");
        scenario = scenario.WithReceivers(parsed.GetValue(_participants) ?? scenario.Receivers);
        if (scenario.Participants < 2)
            throw new InvalidOperationException("The first participant is what the others are compared with: let there be two at least.");
        bool isJson = parsed.GetValue(shared.Json);
        var clock = new MonotonicClock();
        using var dtls = new OpenSslDtlsContext(DtlsCertificate.CreateSelfSigned(TimeProvider.System));
        var setup = new PeerSetup(dtls, new SystemEntropy(), clock);
        var progress = new ConsoleProgress(Messages.Console(isJson), scenario.Name);
        List<MemoryResult> rounds = [];
        for (int round = 0; round < parsed.GetValue(_rounds); round++)
        {
            await using var target = new RoomTarget(await GatewayServer.StartAsync(
                parsed.GetRequiredValue(shared.Gateway), TargetNames.Gateway, shared.SettingsOf(parsed), cancellation), setup);
            rounds.Add(await new MemoryRun(target, scenario, clock, shared.LoopsOf(parsed), progress).RunAsync(cancellation));
            if (isJson)
                Console.WriteLine(JsonSerializer.Serialize(rounds[^1], Messages.Json));
        }
        if (!isJson)
            AnsiConsole.Write(MemoryTable.Of(rounds));
        return 0;
    }
}
