using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using MediaGateway.Client;
using MediaGateway.Server.Options;
using MediaGateway.V1;

namespace MediaGateway.Server.CommandLine;

/// <summary>
/// Connection of the command line to a running gateway: its address, the token, and the treatment of answers and errors. It is the one
/// place where its errors become text.
/// </summary>
internal sealed class ControlConnection
{
    /// <summary>Entries that a page of a list is to have.</summary>
    public const int PageSize = 1_000;

    private const string TokenVariable = "MEDIAGATEWAY_TOKEN";

    private readonly ConfigurationOptions _configuration;
    private readonly SigningKeyOptions _signing;

    public ControlConnection(ConfigurationOptions configuration)
    {
        _configuration = configuration;
        _signing = new SigningKeyOptions(configuration);
    }

    public Option<Uri?> Server { get; } = new("--server")
    {
        Description =
            "The gateway's control API, http://HOST:PORT or https://HOST:PORT. Default: the configured Control:Listen on this machine.",
        CustomParser = ParseServer,
        Recursive = true,
    };

    public Option<string?> Token { get; } = new("--token")
    {
        Description = $"An access token. Default: the variable {TokenVariable}, or one for everything signed with the configured API key.",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the answer as JSON.", Recursive = true };

    /// <summary>A command with the options of the connection, which hold for its subcommands.</summary>
    public Command Group(string name, string description, params Command[] subcommands)
    {
        Command group = new(name, description) { Server, Token, Json, _signing.Key, _signing.Secret };
        foreach (Command subcommand in subcommands)
            group.Add(subcommand);
        return group;
    }

    /// <summary>A command that makes one call and shows its answer.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="description">What it does.</param>
    /// <param name="call">The call.</param>
    /// <param name="show">Writes the answer for people.</param>
    /// <param name="symbols">Its arguments and options.</param>
    public Command Call<TResponse>(
        string name, string description, Func<GatewayClient, ParseResult, AsyncUnaryCall<TResponse>> call,
        Action<TResponse, TextWriter> show, params Symbol[] symbols)
        where TResponse : IMessage => Call(name, description, (client, parsed) => call(client, parsed).ResponseAsync, show, symbols);

    /// <summary>Makes a command as above that takes more than one call, or one of several.</summary>
    public Command Call<TResponse>(
        string name, string description, Func<GatewayClient, ParseResult, Task<TResponse>> call, Action<TResponse, TextWriter> show,
        params Symbol[] symbols)
        where TResponse : IMessage
    {
        Command command = WithSymbols(name, description, symbols);
        command.SetAction((parsed, _) => RunAsync(parsed, async client => Write(parsed, await call(client, parsed), show)));
        return command;
    }

    /// <summary>A command that reads a list page by page and shows it whole.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="description">What it does.</param>
    /// <param name="call">Asks for the page that a token names; an empty token names the first one.</param>
    /// <param name="show">Writes the list for people.</param>
    /// <param name="symbols">Its arguments and options.</param>
    public Command List<TResponse>(
        string name, string description, Func<GatewayClient, ParseResult, string, AsyncUnaryCall<TResponse>> call,
        Action<TResponse, TextWriter> show, params Symbol[] symbols)
        where TResponse : class, IMessage<TResponse> => Call(name, description, async (client, parsed) =>
        {
            TResponse all = await call(client, parsed, "");
            IFieldAccessor next = all.Descriptor.FindFieldByName("next_page_token").Accessor;
            while (next.GetValue(all) is string { Length: > 0 } token)
            {
                next.Clear(all);
                all.MergeFrom(await call(client, parsed, token));
            }
            return all;
        }, show, symbols);

    /// <summary>A command that follows what happens until it is interrupted, and goes on when the gateway was away.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="description">What it does.</param>
    /// <param name="watch">What to watch.</param>
    /// <param name="show">Writes one message for people.</param>
    /// <param name="symbols">Its arguments and options.</param>
    public Command Watch(
        string name, string description, Func<ParseResult, EventWatch> watch, Action<WatchResponse, TextWriter> show,
        params Symbol[] symbols)
    {
        Command command = WithSymbols(name, description, symbols);
        command.SetAction((parsed, interrupted) => RunAsync(parsed, async client =>
        {
            EventWatch request = watch(parsed) with
            {
                IncludeHeartbeats = parsed.GetValue(Json),
                WaitForGateway = false,
                Interrupted = (cause, _) => parsed.InvocationConfiguration.Error.WriteLine($"Interrupted: {cause.Message}"),
            };
            try
            {
                await foreach (GatewayEvent told in client.WatchAsync(request, interrupted))
                {
                    if (told.Missed is { } missed)
                        Write(parsed, new WatchResponse { Sequence = told.Sequence, Time = told.Message.Time, Missed = missed }, show);
                    Write(parsed, told.Message, show);
                }
            }
            catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
            {
                // Whoever interrupts has seen enough.
            }
        }));
        return command;
    }

    /// <summary>Writes a message as JSON, if that is asked for, or as <paramref name="show"/> does.</summary>
    private void Write<TResponse>(ParseResult command, TResponse answer, Action<TResponse, TextWriter> show)
        where TResponse : IMessage
    {
        TextWriter output = command.InvocationConfiguration.Output;
        if (command.GetValue(Json))
            output.WriteLine(JsonFormatter.Default.Format(answer));
        else
            show(answer, output);
    }

    private static Command WithSymbols(string name, string description, Symbol[] symbols)
    {
        Command command = new(name, description);
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Add(argument);
            else
                command.Add((Option)symbol);
        }
        return command;
    }

    private async Task<int> RunAsync(ParseResult command, Func<GatewayClient, Task> use)
    {
        if (CredentialsOf(command) is not { } credentials)
            return 1;
        Uri? server = command.GetValue(Server) ?? ConfiguredServer(command);
        if (server is null)
            return Fail(command, "Control:Listen is none here; say where the gateway is with --server http://HOST:PORT.");
        using HttpMessageHandler handler = OwnListener.CreateHandler(_configuration.Read(command));
        using GatewayClient client = new(new GatewayClientOptions { Address = server, Credentials = credentials, HttpHandler = handler });
        try
        {
            await use(client);
            return 0;
        }
        catch (GatewayException refusal)
        {
            return Fail(command, refusal is { StatusCode: StatusCode.Unavailable, Status.DebugException: { } cause }
                ? $"{server} cannot be reached: {cause.Message}"
                : $"{refusal.Message} ({JsonNamingPolicy.SnakeCaseUpper.ConvertName(refusal.StatusCode.ToString())})");
        }
    }

    /// <summary>The token that is given, or what signs tokens; null when there is neither, and why has been written.</summary>
    private GatewayCredentials? CredentialsOf(ParseResult command)
    {
        string token = command.GetValue(Token) ?? Environment.GetEnvironmentVariable(TokenVariable) ?? "";
        if (token.Length > 0)
            return GatewayCredentials.FromToken(token);
        return _signing.TryGet(command, out string key, out string secret)
            ? GatewayCredentials.FromApiKey(key, secret, GatewayGrants.Everything, "command-line")
            : null;
    }

    private Uri? ConfiguredServer(ParseResult command)
    {
        IConfigurationRoot configuration = _configuration.Read(command);
        return configuration["Control:Listen"] == ControlOptions.None ? null : OwnListener.UrlOf(configuration, "Control:Listen", 7890);
    }

    private static int Fail(ParseResult command, string message)
    {
        command.InvocationConfiguration.Error.WriteLine(message);
        return 1;
    }

    private static Uri? ParseServer(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https")
            return url;
        result.AddError("--server takes http://HOST:PORT or https://HOST:PORT.");
        return null;
    }
}
