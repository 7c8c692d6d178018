using System.CommandLine;
using MediaGateway.LoadTester.CommandLine;
using MediaGateway.LoadTester.Floor;
using MediaGateway.LoadTester.Targets;

SharedOptions shared = new();
RootCommand root = new("Load tests of media servers over WebRTC: what a packet costs, how late it comes, whether it comes.")
{
    new RunCommand(shared).Create(),
    new CompareCommand(shared).Create(),
    new OverloadCommand(shared).Create(),
    new MemoryCommand(shared).Create(),
};
shared.AddTo(root);
Argument<string?> kind = new("kind") { DefaultValueFactory = _ => null };
Command floor = new(FloorTarget.Command) { kind };
floor.Hidden = true;
floor.SetAction(parsed => FloorProcess.Run(parsed.GetValue(kind) == FloorProcess.Segmented));
root.Add(floor);
ParseResult command = root.Parse(args);
try
{
    return await command.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception refusal) when (refusal is InvalidOperationException or InvalidDataException or TimeoutException)
{
    Console.Error.WriteLine(refusal.Message);
    return 1;
}
