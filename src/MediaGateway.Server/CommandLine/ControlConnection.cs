using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Options;

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

    private static readonly TimeSpan OwnTokenLifetime = TimeSpan.FromHours(12);

    private readonly ConfigurationOptions _configuration;
    private readonly SigningKeyOptions _signing;
    private readonly TimeProvider _clock;

    public ControlConnection(ConfigurationOptions configuration, TimeProvider clock)
    {
        _configuration = configuration;
        _signing = new SigningKeyOptions(configuration);
        _clock = clock;
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
        string name, string description, Func<ControlClient, ParseResult, AsyncUnaryCall<TResponse>> call,
        Action<TResponse, TextWriter> show, params Symbol[] symbols)
        where TResponse : IMessage => Call(name, description, (client, parsed) => call(client, parsed).ResponseAsync, show, symbols);

    /// <summary>Makes a command as above that takes more than one call, or one of several.</summary>
    public Command Call<TResponse>(
        string name, string description, Func<ControlClient, ParseResult, Task<TResponse>> call, Action<TResponse, TextWriter> show,
        params Symbol[] symbols)
        where TResponse : IMessage
    {
        Command command = WithSymbols(name, description, symbols);
        command.SetAction((parsed, _) => RunAsync(parsed, async client =>
        {
            TResponse answer = await call(client, parsed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(Json))
                output.WriteLine(JsonFormatter.Default.Format(answer));
            else
                show(answer, output);
        }));
        return command;
    }

    /// <summary>A command that reads a list page by page and shows it whole.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="description">What it does.</param>
    /// <param name="call">Asks for the page that a token names; an empty token names the first one.</param>
    /// <param name="show">Writes the list for people.</param>
    /// <param name="symbols">Its arguments and options.</param>
    public Command List<TResponse>(
        string name, string description, Func<ControlClient, ParseResult, string, AsyncUnaryCall<TResponse>> call,
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

    /// <summary>A command that follows a stream of answers until it is interrupted.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="description">What it does.</param>
    /// <param name="watch">The call.</param>
    /// <param name="show">Writes one answer for people.</param>
    /// <param name="symbols">Its arguments and options.</param>
    public Command Watch<TResponse>(
        string name,
        string description,
        Func<ControlClient, ParseResult, CancellationToken, AsyncServerStreamingCall<TResponse>> watch,
        Action<TResponse, TextWriter> show,
        params Symbol[] symbols)
        where TResponse : IMessage
    {
        Command command = WithSymbols(name, description, symbols);
        command.SetAction((parsed, interrupted) => RunAsync(parsed, async client =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            try
            {
                using AsyncServerStreamingCall<TResponse> call = watch(client, parsed, interrupted);
                while (await call.ResponseStream.MoveNext(interrupted))
                {
                    if (parsed.GetValue(Json))
                        output.WriteLine(JsonFormatter.Default.Format(call.ResponseStream.Current));
                    else
                        show(call.ResponseStream.Current, output);
                }
            }
            catch (Exception ended) when (interrupted.IsCancellationRequested
                && ended is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
            {
                // Whoever interrupts has seen enough.
            }
        }));
        return command;
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

    private async Task<int> RunAsync(ParseResult command, Func<ControlClient, Task> use)
    {
        if (!TryGetToken(command, out string token))
            return 1;
        Uri? server = command.GetValue(Server) ?? ConfiguredServer(command);
        if (server is null)
            return Fail(command, "Control:Listen is none here; say where the gateway is with --server http://HOST:PORT.");
        using GrpcChannel channel = GrpcChannel.ForAddress(server.ToString(), new GrpcChannelOptions
        { MaxReceiveMessageSize = null, HttpHandler = OwnListener.CreateHandler(_configuration.Read(command)) });
        try
        {
            await use(new ControlClient(channel, token));
            return 0;
        }
        catch (RpcException refusal)
        {
            return Fail(command, refusal is { StatusCode: StatusCode.Unavailable, Status.DebugException: { } cause }
                ? $"{server} cannot be reached: {cause.Message}"
                : $"{refusal.Status.Detail} ({JsonNamingPolicy.SnakeCaseUpper.ConvertName(refusal.StatusCode.ToString())})");
        }
    }

    private bool TryGetToken(ParseResult command, out string token)
    {
        token = command.GetValue(Token) ?? Environment.GetEnvironmentVariable(TokenVariable) ?? "";
        if (token.Length > 0)
            return true;
        if (!_signing.TryGet(command, out string key, out string secret))
            return false;
        var everything = new TokenRequest("command-line", "", CanPublish: false, CanSubscribe: false, OwnTokenLifetime)
        { NodeAdmin = true };
        token = TokenIssuer.Issue(key, secret, everything, _clock.GetUtcNow());
        return true;
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
