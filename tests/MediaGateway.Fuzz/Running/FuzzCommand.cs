using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Running;

/// <summary>The command line: runs every target, or one, and exits with 1 at the first input that breaks one.</summary>
internal static class FuzzCommand
{
    /// <summary>Far beyond what any input takes: a loop without progress.</summary>
    private static readonly TimeSpan HangAfter = TimeSpan.FromSeconds(30);

    private static readonly Option<int> Seconds = new("--seconds")
    {
        Description = "Time for all targets together.",
        DefaultValueFactory = _ => 60,
    };

    private static readonly Option<string?> Target = new("--target")
    {
        Description = "Run only this one.",
        Validators = { RequireKnownTarget },
    };

    private static readonly Option<int?> Seed = new("--seed")
    {
        Description = "Repeat the run with this seed. Default: another one each time.",
    };

    private static readonly Option<bool> List = new("--list")
    {
        Description = "List the targets.",
    };

    public static RootCommand Create()
    {
        RootCommand command = new("Feeds damaged input to everything that takes bytes from a remote.") { Seconds, Target, Seed, List };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        string[] names = arguments.GetValue(Target) is { } only ? [only] : [.. FuzzTargets.Names];
        if (arguments.GetValue(List))
        {
            foreach (string name in names)
                output.WriteLine(name);
            return 0;
        }
        int seed = arguments.GetValue(Seed) ?? Random.Shared.Next();
        TimeSpan time = TimeSpan.FromSeconds(arguments.GetValue(Seconds)) / names.Length;
        output.WriteLine(Text($"seed {seed}"));
        output.WriteLine(Text($"{"target",-22} {"inputs",10} {"inputs/s",10}"));
        return names.All(name => Fuzz(name, seed, time, output)) ? 0 : 1;
    }

    private static bool Fuzz(string name, int seed, TimeSpan time, TextWriter output)
    {
        IFuzzTarget target = FuzzTargets.Create(name);
        using var disposable = target as IDisposable;
        var run = new FuzzRun(target, Corpus.OfRepository, seed);
        Exception? broken;
        using (new Timer(_ => ExitWhenHung(run), null, HangAfter, TimeSpan.FromSeconds(1)))
            broken = run.ForTime(time);
        if (broken is not null)
        {
            Report(run, broken.ToString());
            return false;
        }
        output.WriteLine(Text($"{name,-22} {run.Count,10} {run.Count / run.Elapsed.TotalSeconds,10:F0}"));
        return true;
    }

    private static void ExitWhenHung(FuzzRun run)
    {
        if (run.CurrentElapsed < HangAfter)
            return;
        Report(run, Text($"It has been running for {HangAfter.TotalSeconds:F0} s: a loop without progress."));
        Environment.Exit(1);
    }

    private static void Report(FuzzRun run, string what)
    {
        string file = Corpus.OfRepository.AddCrash(run.Target, run.Current);
        Console.Error.WriteLine(Text($"""
            {run.Target} broke at input {run.Count + 1} of seed {run.Seed}.
            file: {file}
            hex:  {Convert.ToHexString(run.Current)}
            {what}
            """));
    }

    private static void RequireKnownTarget(OptionResult result)
    {
        if (result.GetValueOrDefault<string?>() is { } name && !FuzzTargets.Names.Contains(name))
            result.AddError($"There is no target {name}. There are: {string.Join(", ", FuzzTargets.Names)}.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
