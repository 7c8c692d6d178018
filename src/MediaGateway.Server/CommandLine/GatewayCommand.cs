using System.CommandLine;

namespace MediaGateway.Server.CommandLine;

/// <summary>The command line: <c>mediagateway</c> serves; its subcommands help to set it up.</summary>
internal static class GatewayCommand
{
    public static RootCommand Create(Action<IServiceCollection> addMediaNode)
    {
        ConfigurationOptions configuration = new();
        ControlConnection connection = new(configuration);
        ParticipantsCommand participants = new(connection);
        StreamsCommand streams = new(connection);
        NodeCommand node = new(connection);
        Func<ParseResult, CancellationToken, Task<int>> serve = new ServeCommand(configuration, addMediaNode).RunAsync;
        RootCommand root = new("MediaGateway: a WebRTC media gateway. Without a subcommand it serves, as 'mediagateway serve' does.")
        {
            configuration.File,
            configuration.Set,
            new TokenCommand(configuration, TimeProvider.System).Create(),
            KeyCommand.Create(),
            new HealthCommand(configuration).Create(),
            new RoomsCommand(connection).Create(),
            participants.Create(),
            participants.CreateTracks(),
            streams.Create(),
            streams.CreateCut(),
            node.CreateEvents(),
            node.CreateDrain(),
            node.Create(),
        };
        Command explicitServe = new("serve", "Serve until SIGTERM or Ctrl+C, then drain and stop.");
        explicitServe.SetAction(serve);
        root.Add(explicitServe);
        root.SetAction(serve);
        return root;
    }

    /// <summary>Runs a command line; the exit code is 0 or 1.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="addMediaNode">Registers <see cref="Operations.ILiveStreams"/> when the gateway serves.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Complaints.</param>
    /// <param name="cancellationToken">Stops a serving gateway, as SIGTERM does.</param>
    public static Task<int> RunAsync(
        string[] args, Action<IServiceCollection> addMediaNode, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        InvocationConfiguration invocation = new()
        {
            Output = output,
            Error = error,
            // SIGTERM belongs to the host, which drains; here it would be cut off after two seconds.
            ProcessTerminationTimeout = null,
        };
        return Create(addMediaNode).Parse(args).InvokeAsync(invocation, cancellationToken);
    }
}
