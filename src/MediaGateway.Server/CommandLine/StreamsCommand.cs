using System.CommandLine;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using MediaGateway.Client;
using MediaGateway.V1;

namespace MediaGateway.Server.CommandLine;

/// <summary><c>mediagateway streams</c> and <c>mediagateway cut</c>.</summary>
internal sealed class StreamsCommand(ControlConnection connection)
{
    private readonly Argument<string> _stream = new("stream") { Description = "The live stream's name." };
    private readonly Argument<string> _source = new("source") { Description = "The source's id." };
    private readonly Argument<string> _id = new("id") { Description = "What the source is called from now on." };
    private readonly Argument<string?> _optionalSource = new("source")
    { Description = "The source's id; the preview when it is left out.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> _noSource = new("source")
    { Description = "The source's id; none when it is left out.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _expect = new("--expect") { Description = "Only if this source is on air." };
    private readonly Option<string?> _metadata = new("--metadata") { Description = "What the application keeps with it." };
    private readonly Option<bool?> _failover = new("--failover")
    { Description = "Whether the next live source takes over when the one on air dies." };
    private readonly Option<string?> _publisher = new("--publisher") { Description = "Whoever publishes this stream by WHIP." };
    private readonly Option<string?> _participant = new("--participant") { Description = "A member of a room: ROOM/IDENTITY." };
    private readonly Option<string?> _slate = new("--slate") { Description = "A picture that is always there: bars or black." };

    public Command Create()
    {
        Command add =
            Directed("add-source", "Add a source.", (client, command) =>
            client.LiveStreams.AddSourceAsync(new AddSourceRequest { LiveStream = command.GetValue(_stream), Source = SourceOf(command) }),
            answer => answer.LiveStream, _id, _publisher, _participant, _slate);
        add.Validators.Add(result =>
        {
            if (new Option[] { _publisher, _participant, _slate }.Count(option => result.GetResult(option) is not null) != 1)
                result.AddError("Say what the source is: --publisher STREAM, --participant ROOM/IDENTITY or --slate bars.");
        });
        return connection.Group(
            "streams",
            "Live streams of a running gateway, and what is on air.",
            connection.List("list", "List live streams.", (client, _, page) =>
            client.LiveStreams.ListLiveStreamsAsync(new ListLiveStreamsRequest
            { PageSize = ControlConnection.PageSize, PageToken = page }),
            (answer, output) => List(answer.LiveStreams, output)),
            Directed("get", "Show a live stream's sources.", (client, command) => client.LiveStreams.GetLiveStreamAsync(
            new GetLiveStreamRequest { Name = command.GetValue(_stream) }), answer => answer.LiveStream),
            Directed("create", "Keep a live stream, published and watched or not.", (client, command) =>
            client.LiveStreams.CreateLiveStreamAsync(CreateRequest(command)), answer =>
            answer.LiveStream, _metadata, _failover),
            Directed("update", "Change what is given.", (client, command) => client.LiveStreams.UpdateLiveStreamAsync(
            UpdateRequest(command)), answer => answer.LiveStream, _metadata, _failover),
            connection.Call("delete", "End a live stream.", (client, command) =>
            client.LiveStreams.DeleteLiveStreamAsync(new DeleteLiveStreamRequest { Name = command.GetValue(_stream) }),
            (_, output) => output.WriteLine("Ended."), _stream),
            add,
            Directed("remove-source", "Remove a source.", (client, command) =>
            client.LiveStreams.RemoveSourceAsync(new RemoveSourceRequest
            {
                LiveStream = command.GetValue(_stream),
                Source = command.GetValue(_source)
            }), answer => answer.LiveStream, _source),
            Directed("preview", "Choose what a cut takes on air.", (client, command) =>
            client.LiveStreams.SetPreviewAsync(new SetPreviewRequest
            {
                LiveStream = command.GetValue(_stream),
                Source = command.GetValue(_noSource) ?? ""
            }), answer => answer.LiveStream, _noSource),
            Directed("audio", "Choose where the sound comes from; left out, it follows the picture.", (client, command) =>
            client.LiveStreams.SetAudioAsync(new SetAudioRequest
            {
                LiveStream = command.GetValue(_stream),
                Source = command.GetValue(_noSource) ?? ""
            }), answer => answer.LiveStream, _noSource),
            new LineTables(connection).OfStream());
    }

    /// <summary>The command that is typed in a hurry.</summary>
    public Command CreateCut()
    {
        Command cut = connection.Group("cut", "Take the preview, or a source, on air.");
        cut.Action = connection.Call("cut", "", CutAsync, Show).Action;
        cut.Add(_stream);
        cut.Add(_optionalSource);
        cut.Add(_expect);
        return cut;
    }

    private Command Directed<TResponse>(
        string name, string description, Func<GatewayClient, ParseResult, AsyncUnaryCall<TResponse>> call,
        Func<TResponse, LiveStream> streamOf, params Symbol[] symbols)
        where TResponse : IMessage =>
            connection.Call(name, description, call, (answer, output) => Show(streamOf(answer), output), [_stream, .. symbols]);

    private async Task<LiveStream> CutAsync(GatewayClient client, ParseResult command)
    {
        (string? stream, string expected) = (command.GetValue(_stream), command.GetValue(_expect) ?? "");
        return command.GetValue(_optionalSource) is { } source
            ? (await client.LiveStreams.SetProgramAsync(new SetProgramRequest
            { LiveStream = stream, Source = source, ExpectedProgram = expected })).LiveStream
            : (await client.LiveStreams.CutAsync(new CutRequest { LiveStream = stream, ExpectedProgram = expected }))
                .LiveStream;
    }

    private CreateLiveStreamRequest CreateRequest(ParseResult command)
    {
        var request = new CreateLiveStreamRequest { Name = command.GetValue(_stream), Metadata = command.GetValue(_metadata) ?? "" };
        if (command.GetValue(_failover) is { } failover)
            request.Failover = failover;
        return request;
    }

    private UpdateLiveStreamRequest UpdateRequest(ParseResult command)
    {
        var request = new UpdateLiveStreamRequest { Name = command.GetValue(_stream) };
        if (command.GetValue(_failover) is { } failover)
            request.Failover = failover;
        if (command.GetValue(_metadata) is { } metadata)
            request.Metadata = metadata;
        return request;
    }

    private SourceSpec SourceOf(ParseResult command)
    {
        var source = new SourceSpec { Id = command.GetValue(_id) };
        if (command.GetValue(_publisher) is { } publisher)
            source.Publisher = new PublisherSource { Stream = publisher };
        else if (command.GetValue(_participant) is { } participant)
            source.Participant = new ParticipantSource
            {
                Room = participant.Split('/')[0],
                Identity = participant.Contains('/',
                StringComparison.Ordinal) ? participant[(participant.IndexOf('/', StringComparison.Ordinal) + 1)..] : ""
            };
        else
            source.Slate = new SlateSource { Pattern = command.GetValue(_slate) == "black" ? SlatePattern.Black : SlatePattern.Bars };
        return source;
    }

    private static void List(IEnumerable<LiveStream> streams, TextWriter output)
    {
        TextTable table = new("STREAM", "PROGRAM", "PREVIEW", "SOUND", "VIEWERS", "SOURCES", "CUTS");
        foreach (LiveStream stream in streams)
            table.Add(stream.Name, stream.Program, stream.Preview, stream.Audio.Length > 0 ? stream.Audio
                : "program", Text(stream.ViewerCount), Text(stream.Sources.Count), Text(stream.CutCount));
        table.Write(output);
    }

    private static void Show(LiveStream stream, TextWriter output)
    {
        TextTable table = new("SOURCE", "", "LIVE", "FROM", "TYPE", "KB/S");
        foreach (StreamSource source in stream.Sources)
            table.Add(source.Spec.Id, RoleOf(source.Spec.Id, stream), source.Status.Live ? "live" : "", OriginOf(source.Spec),
                source.Status.VideoMimeType, Text(source.Status.BitsPerSecond / 1000));
        table.Write(output);
    }

    private static string RoleOf(string id, LiveStream stream) => string.Join(", ", new[]
    {
        id == stream.Program ? "on air" : "",
        id == stream.Pending ? "going on air" : "",
        id == stream.Preview ? "preview" : "",
        id == stream.Audio ? "sound" : "",
    }.Where(role => role.Length > 0));

    private static string OriginOf(SourceSpec source) => source.SourceCase switch
    {
        SourceSpec.SourceOneofCase.Participant => $"{source.Participant.Room}/{source.Participant.Identity}",
        SourceSpec.SourceOneofCase.Slate => $"slate {source.Slate.Pattern}",
        _ => source.Publisher.Stream.Length > 0 ? $"/whip/{source.Publisher.Stream}" : "its own publisher",
    };

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
