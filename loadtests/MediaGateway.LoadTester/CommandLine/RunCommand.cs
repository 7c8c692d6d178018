using System.CommandLine;
using System.Text.Json;
using MediaGateway.LoadTester.Reports;
using MediaGateway.LoadTester.Scenarios;
using Spectre.Console;

namespace MediaGateway.LoadTester.CommandLine;

/// <summary><c>run</c>: one scenario, once.</summary>
internal sealed class RunCommand(SharedOptions shared)
{
    private readonly Argument<FileInfo> _scenario = new Argument<FileInfo>("scenario")
    { Description = "A scenario's file." }.AcceptExistingOnly();
    private readonly Option<string> _target = new("--target")
    {
        Description = $"What to put load on: {string.Join(", ", TargetNames.All)}; gateway-2 has two workers.",
        DefaultValueFactory = _ => TargetNames.Gateway,
    };
    private readonly Option<int?> _viewers = new("--viewers")
    { Description = "Viewers, or participants of a meeting, in place of the scenario's." };
    private readonly Option<double?> _untilLoad = new("--until-load")
    { Description = "How busy a media worker is to be, 0 to 1, in place of the scenario's." };
    private readonly Option<double?> _warmUp = new("--warm-up") { Description = "Seconds before the measure, in place of the scenario's." };
    private readonly Option<double?> _seconds = new("--seconds") { Description = "Time of the measure, in place of the scenario's." };

    public Command Create()
    {
        Command command = new("run", "Run a scenario against a server that is started for it.")
            { _scenario, _target, _viewers, _untilLoad, _warmUp, _seconds };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        Scenario scenario = Scenario.Read(parsed.GetRequiredValue(_scenario).FullName);
        scenario = scenario.WithReceivers(parsed.GetValue(_viewers) ?? scenario.Receivers) with
        {
            UntilLoad = parsed.GetValue(_untilLoad) ?? scenario.UntilLoad,
            WarmUpSeconds = parsed.GetValue(_warmUp) ?? scenario.WarmUpSeconds,
            Seconds = parsed.GetValue(_seconds) ?? scenario.Seconds,
        };
        bool isJson = parsed.GetValue(shared.Json);
        using var bench = new TestBench(parsed.GetRequiredValue(shared.Gateway), shared.SettingsOf(parsed), shared.LoopsOf(parsed),
            Messages.Console(isJson));
        RunResult result = await bench.RunAsync(parsed.GetRequiredValue(_target), scenario, cancellation);
        if (isJson)
            Console.WriteLine(JsonSerializer.Serialize(result, Messages.Json));
        else
            AnsiConsole.Write(RunTable.Of(result));
        return 0;
    }
}
