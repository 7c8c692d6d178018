using System.CommandLine;
using System.CommandLine.Parsing;
using MediaGateway.LoadTester.Clients;
using MediaGateway.Platform.Workers;

namespace MediaGateway.LoadTester.CommandLine;

/// <summary>Options that every command has.</summary>
internal sealed class SharedOptions
{
    public Option<string> Gateway { get; } = new("--gateway")
    {
        Description = "The gateway's executable (make publish).",
        DefaultValueFactory = _ => Path.Combine("artifacts", "publish", "mediagateway"),
        Recursive = true,
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "A setting of the gateway that is started, such as --set Media:Workers=2.",
        HelpName = "Key=Value",
        Recursive = true,
    };

    public Option<int> Loops { get; } = new("--loops")
    { Description = "Threads of the tester that clients are dealt out over.", DefaultValueFactory = _ => 1, Recursive = true };

    public Option<int?> Core { get; } = new("--core")
    {
        Description = "The processor, from 0, that the clients' threads keep to, so that the server has the others.",
        HelpName = "Number",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    { Description = "Print results as JSON, one a line, and nothing else.", Recursive = true };

    public SharedOptions()
    {
        Set.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
                result.AddError($"--set takes Key=Value, not '{token.Value}'.");
        });
        Core.Validators.Add(result =>
        {
            if (result.GetValue(Core) is { } core && !ProcessorAffinity.MayUse(core))
                result.AddError($"--core {core}: the system has no such processor for this process.");
        });
    }

    public void AddTo(Command command)
    {
        command.Add(Gateway);
        command.Add(Set);
        command.Add(Loops);
        command.Add(Core);
        command.Add(Json);
    }

    public LoopSettings LoopsOf(ParseResult command) => new(command.GetValue(Loops), command.GetValue(Core));

    public IReadOnlyDictionary<string, string> SettingsOf(ParseResult command) =>
        (command.GetValue(Set) ?? []).Select(text => text.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
}
