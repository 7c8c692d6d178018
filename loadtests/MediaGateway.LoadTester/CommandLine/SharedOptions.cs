using System.CommandLine;
using System.CommandLine.Parsing;

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

    public Option<int> Loops { get; } = new("--loops") { Description = "Threads of the tester that clients are dealt out over.", DefaultValueFactory = _ => 1, Recursive = true };

    public Option<bool> Json { get; } = new("--json") { Description = "Print results as JSON, one a line, and nothing else.", Recursive = true };

    public SharedOptions() => Set.Validators.Add(result =>
    {
        foreach (Token token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
            result.AddError($"--set takes Key=Value, not '{token.Value}'.");
    });

    public void AddTo(Command command)
    {
        command.Add(Gateway);
        command.Add(Set);
        command.Add(Loops);
        command.Add(Json);
    }

    public IReadOnlyDictionary<string, string> SettingsOf(ParseResult command) =>
        (command.GetValue(Set) ?? []).Select(text => text.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
}
