using System.Text.Json;
using MediaGateway.Server.CommandLine;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.CommandLine;

/// <summary>The command line as a client of a running gateway.</summary>
public sealed class ControlCommandsTests : IAsyncLifetime
{
    private ControlGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await ControlGateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Rooms_and_who_is_in_them()
    {
        Assert.Contains("stage", await SucceedAsync("rooms create stage --max-participants 5 --empty-timeout 60"),
            StringComparison.Ordinal);
        await _gateway.JoinAsync("stage", "ada");
        Assert.Matches(@"ROOM +SID +PEOPLE.*\nstage +RM_\w+ +1 +0 +5 ", await SucceedAsync("rooms list"));
        Assert.Matches("(?m)^stage .* later$", await SucceedAsync("rooms update stage --metadata later"));
        Assert.Matches(@"IDENTITY +NAME +STATE.*\nada +Joined ", await SucceedAsync("participants list stage"));
        Assert.Matches(@"\nada +Ada +Joined ", await SucceedAsync("participants update stage ada --name Ada"));
        Assert.Equal("To 1 participants.\n", await SucceedAsync("participants say stage hello --to ada --topic t"));
        Assert.Matches(@"\nada +Ada +Active ", await SucceedAsync("participants forward stage ada overflow"));
        Assert.Equal("No longer shown.\n", await SucceedAsync("participants stop-forwarding stage ada overflow"));
        Assert.Equal((1, "There is no track TR_x in the room stage. (NOT_FOUND)\n"),
            await FailAsync("tracks limit stage TR_x --max-quality low --max-bitrate 100 --subscriber ben"));
        Assert.Equal("On its way.\n", await SucceedAsync("participants move stage ada elsewhere"));
        Assert.DoesNotContain("ada", await SucceedAsync("participants list stage"), StringComparison.Ordinal);
        Assert.StartsWith("IDENTITY", await SucceedAsync("tracks list stage"), StringComparison.Ordinal);
        Assert.StartsWith("SUBSCRIBER", await SucceedAsync("tracks subscriptions stage"), StringComparison.Ordinal);
        Assert.StartsWith("IDENTITY  CARRIES", await SucceedAsync("participants lines stage"), StringComparison.Ordinal);
        Assert.Equal((1, "There is no room nowhere. (NOT_FOUND)\n"), await FailAsync("participants lines nowhere"));
        Assert.Equal("Closed.\n", await SucceedAsync("rooms delete stage"));
        Assert.Equal((1, "There is no room stage. (NOT_FOUND)\n"), await FailAsync("rooms get stage"));
    }

    [Fact]
    public async Task Streams_are_directed()
    {
        await SucceedAsync("streams create show --metadata m");
        Assert.Matches(@"\nbars +(on air +)?(live +)?slate Bars", await SucceedAsync("streams add-source show bars --slate bars"));
        await SucceedAsync("streams add-source show black --slate black");
        Assert.Matches(@"\ncam +/whip/camera1", await SucceedAsync("streams add-source show cam --publisher camera1"));
        Assert.Matches(@"\nada +stage/ada", await SucceedAsync("streams add-source show ada --participant stage/ada"));
        Assert.Matches(@"\nblack +preview", await SucceedAsync("streams preview show black"));
        Assert.Matches(@"\nblack +(going )?on air", await SucceedAsync("cut show"));
        Assert.Matches(@"\nbars +(going )?on air", await SucceedAsync("cut show bars"));
        Assert.Matches(@"\nbars .*sound", await SucceedAsync("streams audio show bars"));
        Assert.Matches(@"\nshow +\w+ +\w* +bars", await SucceedAsync("streams list"));
        Assert.Matches(@"STREAM +VIEWERS +LOWEST.*\nshow +0 +unknown +unknown", await SucceedAsync("streams lines show"));
        Assert.Equal((1, "Another source is on air than you expected: somebody else was faster. Look again. (ABORTED)\n"),
            await FailAsync("cut show --expect cam"));
        Assert.DoesNotContain("\ncam", await SucceedAsync("streams remove-source show cam"), StringComparison.Ordinal);
        Assert.Equal("Ended.\n", await SucceedAsync("streams delete show"));
        Assert.Contains("--participant ROOM/IDENTITY", (await FailAsync("streams add-source show x")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_the_answer_of_the_call()
    {
        JsonElement created = JsonDocument.Parse(await SucceedAsync("rooms create stage --json")).RootElement;
        Assert.True(created.GetProperty("created").GetBoolean());
        Assert.Equal("stage", created.GetProperty("room").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Node_is_described_and_drained()
    {
        Assert.Contains("in service", await SucceedAsync("node info"), StringComparison.Ordinal);
        Assert.Matches(@"WORKER.*\n0 +0 +0 ", await SucceedAsync("node workers"));
        Assert.Matches(@"(?m)^Auth:Keys:\w+ +\(set\)$", await SucceedAsync("node config"));
        Assert.Contains("in service", await SucceedAsync($"node info --node {_gateway.Told.NodeId}"), StringComparison.Ordinal);
        Assert.Equal((1, "There is no node N_0. (NOT_FOUND)\n"), await FailAsync("drain --node N_0 --disconnect"));
        Assert.Contains("draining", await SucceedAsync("drain --disconnect"), StringComparison.Ordinal);
        Assert.Matches(@"NodeService/Drain +OK", await SucceedAsync("node audit"));
    }

    [Fact]
    public async Task Events_are_followed_until_interrupted()
    {
        using var interrupt = new CancellationTokenSource();
        using var output = new InterruptingWriter("room stage: closed", interrupt);
        Task<int> watching = GatewayCommand.RunAsync(Args("events --room stage"), _ => { }, output, TextWriter.Null, interrupt.Token);
        await output.Contains("there are 0 rooms");
        await _gateway.JoinAsync("stage", "ada");
        await _gateway.Participants.RemoveParticipantAsync(new RemoveParticipantRequest
        { Room = "stage", Identity = "ada" }, ControlGateway.Admin);
        await _gateway.Rooms.DeleteRoomAsync(new DeleteRoomRequest { Name = "stage" }, ControlGateway.Admin);

        Assert.Equal(0, await watching.WaitAsync(TimeSpan.FromSeconds(20)));
        foreach (string told in (string[])["room stage: ada is Joined, publishes nothing", "room stage: ada left, ParticipantRemoved"])
            Assert.Contains(told, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_said()
    {
        Assert.Contains("(UNAUTHENTICATED)", (await FailAsync("rooms list", token: "--token nonsense")).Error, StringComparison.Ordinal);
        Assert.Contains("does not grant roomList. (PERMISSION_DENIED)",
            (await FailAsync("rooms list", token: "--token " + TestGateway.Token())).Error, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", (await RunAsync(["rooms", "list", "--server", "http://127.0.0.1:9", "--token", "x"])).Error,
            StringComparison.Ordinal);
        Assert.Contains("--server takes http://HOST:PORT or https://HOST:PORT.",
            (await RunAsync(["rooms", "list", "--server", "nowhere"])).Error, StringComparison.Ordinal);
        Assert.Contains("Control:Listen is none here",
            (await RunAsync(["rooms", "list", "--set", "Control:Listen=none", "--token", "x"])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_have_written_cannot_move_the_cursor()
    {
        await _gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "stage", Metadata = "\u001b[2J\nroom" }, ControlGateway.Admin);
        Assert.Contains(@"\u001b[2J\u000aroom", await SucceedAsync("rooms list"), StringComparison.Ordinal);
    }

    private async Task<string> SucceedAsync(string command)
    {
        (int code, string output, string error) = await RunAsync(Args(command));
        Assert.Equal((0, ""), (code, error));
        return output;
    }

    private async Task<(int Code, string Error)> FailAsync(string command, string token = "")
    {
        (int code, _, string error) = await RunAsync(Args(command, token));
        return (code, error);
    }

    private string[] Args(string command, string token = "") =>
        [.. $"{command} --server {_gateway.ControlUrl} {(token.Length > 0 ? token : $"--key {TestGateway.Key} --secret "
            + $"{TestGateway.Secret}")}".Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = await GatewayCommand.RunAsync(args, _ => { }, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
