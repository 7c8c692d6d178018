using System.Text.Json;
using Spectre.Console;

namespace MediaGateway.LoadTester.CommandLine;

/// <summary>The output for people, and the JSON form of results for programs.</summary>
internal static class Messages
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>Progress must not get between lines of JSON.</summary>
    public static IAnsiConsole Console(bool isJson) =>
        isJson ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) }) : AnsiConsole.Console;
}
