using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MediaGateway.LoadTester.Reports;
using MediaGateway.LoadTester.Scenarios;
using MediaGateway.LoadTester.Servers;
using Spectre.Console;

namespace MediaGateway.LoadTester.CommandLine;

/// <summary><c>compare</c>: the same scenario against several targets in turn, so that a busy machine is equally unfair to all.</summary>
internal sealed class CompareCommand(SharedOptions shared)
{
    private readonly Argument<FileInfo> _scenario = new Argument<FileInfo>("scenario")
    { Description = "A scenario's file." }.AcceptExistingOnly();
    private readonly Option<string[]> _targets = new("--targets")
    {
        Description = $"Of {string.Join(", ", TargetNames.All)}; the first is what the others' ratios are to.",
        DefaultValueFactory = _ => [TargetNames.Gateway, TargetNames.Floor],
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<int[]> _viewers = new("--viewers")
    { Description = "Numbers of viewers.", DefaultValueFactory = _ => [10, 50, 100, 200, 500], AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> _rounds = new("--rounds") { Description = "Runs of each.", DefaultValueFactory = _ => 3 };
    private readonly Option<double?> _seconds = new("--seconds") { Description = "Time of a measure, in place of the scenario's." };
    private readonly Option<double?> _warmUp = new("--warm-up") { Description = "Seconds before a measure, in place of the scenario's." };
    private readonly Option<FileInfo?> _markdown = new("--markdown")
    { Description = "A file that the table is written into as well, for documentation." };

    public Command Create()
    {
        Command command = new("compare", "Run a scenario against several servers in turn, and print their ratios.")
            { _scenario, _targets, _viewers, _rounds, _warmUp, _seconds, _markdown };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        Scenario scenario = Scenario.Read(parsed.GetRequiredValue(_scenario).FullName);
        string[] targets = parsed.GetRequiredValue(_targets);
        bool isJson = parsed.GetValue(shared.Json);
        using var bench = new TestBench(parsed.GetRequiredValue(shared.Gateway), shared.SettingsOf(parsed), shared.LoopsOf(parsed),
            Messages.Console(isJson));
        var comparison = new Comparison(targets);
        foreach (int viewers in parsed.GetRequiredValue(_viewers))
        {
            Scenario sized = scenario.WithReceivers(viewers) with
            {
                WarmUpSeconds = parsed.GetValue(_warmUp) ?? scenario.WarmUpSeconds,
                Seconds = parsed.GetValue(_seconds) ?? scenario.Seconds,
            };
            for (int round = 0; round < parsed.GetValue(_rounds); round++)
            {
                foreach (string target in targets)
                {
                    await RunOneAsync(bench, target, sized, comparison, isJson, cancellation);
                    // After each: an hour of runs is not lost for the last one.
                    if (parsed.GetValue(_markdown) is { } file)
                        await File.WriteAllTextAsync(file.FullName, comparison.ToMarkdown(), cancellation);
                }
            }
        }
        if (!isJson)
            AnsiConsole.Write(comparison.ToTable());
        return 0;
    }

    /// <summary>A server that does not get there is a result too: the others go on.</summary>
    private static async Task RunOneAsync(TestBench bench, string target, Scenario scenario, Comparison comparison, bool isJson,
        CancellationToken cancellation)
    {
        try
        {
            RunResult result = await bench.RunAsync(target, scenario, cancellation);
            comparison.Add(target, result);
            if (isJson)
                Console.WriteLine(JsonSerializer.Serialize(result, Messages.Json));
            else
                AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{target}, {scenario.Receivers} viewers: {result.CpuPerPacket:F2} us a packet, {result.Checked.Missing} lost"));
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException or JanusException)
        {
            comparison.AddFailure(target, scenario.Receivers);
            Console.Error.WriteLine($"{target}, {scenario.Receivers} viewers: {failure.Message}");
        }
    }
}
