using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Google.Protobuf.Reflection;
using Grpc.Core;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Surfaces.LiveKit.Twirp;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Requests;

/// <summary>
/// Requests of the space to every call of a back end: each is answered or refused by a status of its own. None is a bug, none ends a
/// connection, and the gateway serves on.
/// </summary>
public sealed class RequestSpaceTests : IAsyncLifetime
{
    /// <summary>Requests to each method, in each form; REQUEST_SEEDS chooses more.</summary>
    private const int Seeds = 25;

    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("REQUEST_SEEDS"), out int asked) ? asked : Seeds;

    private static readonly StatusCode[] Bugs = [StatusCode.Internal, StatusCode.Unknown, StatusCode.DataLoss, StatusCode.Unimplemented];

    private static readonly string Token = TestGateway.Token(
        new TokenRequest("director", "", false, false, TimeSpan.FromHours(1)) { NodeAdmin = true });

    private readonly LoggedErrors _errors = LoggedErrors.Create();
    private ControlGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await ControlGateway.StartAsync(_errors);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/proto")]
    public async Task Calls_by_connect_are_answered_or_refused(string contentType)
    {
        foreach (MethodDescriptor method in Methods().Where(method => !method.IsServerStreaming))
        {
            await PrepareAsync();
            for (int seed = 0; seed < Count; seed++)
            {
                byte[] body = Body(seed, method, contentType);
                using HttpResponseMessage response = await PostAsync(ControlContracts.PathOf(method), contentType, body);
                string answer = await response.Content.ReadAsStringAsync();
                Assert.True((int)response.StatusCode < 500, $"{method.FullName}, seed {seed}: {answer} {_errors}");
                if (response.StatusCode != HttpStatusCode.OK)
                    Assert.NotEmpty(JsonDocument.Parse(answer).RootElement.GetProperty("message").GetString()!);
            }
        }
        await AssertServesOnAsync();
    }

    [Fact]
    public async Task Calls_by_grpc_are_answered_or_refused()
    {
        CallInvoker invoker = _gateway.Channel.CreateCallInvoker();
        Marshaller<byte[]> bytes = Marshallers.Create(message => message, message => message);
        foreach (MethodDescriptor method in Methods())
        {
            await PrepareAsync();
            var called = new Method<byte[], byte[]>(method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary,
                method.Service.FullName, method.Name, bytes, bytes);
            for (int seed = 0; seed < Count; seed++)
            {
                StatusCode status = await CallAsync(invoker, called, new RequestSpace(seed).Binary(method.InputType));
                Assert.True(!Bugs.Contains(status), $"{method.FullName}, seed {seed}: {status} {_errors}");
            }
        }
        await AssertServesOnAsync();
    }

    [Theory]
    [InlineData("application/connect+json")]
    [InlineData("application/connect+proto")]
    public async Task Streams_by_connect_are_opened_or_refused(string contentType)
    {
        foreach (MethodDescriptor method in Methods().Where(method => method.IsServerStreaming))
        {
            for (int seed = 0; seed < Count; seed++)
            {
                byte[] message = Body(seed, method, contentType);
                byte[] envelope = [0, .. BitConverter.GetBytes(IPAddress.HostToNetworkOrder(message.Length)), .. message];
                using HttpResponseMessage response = await PostAsync(ControlContracts.PathOf(method), contentType, envelope);
                Assert.True((int)response.StatusCode < 500, $"{method.FullName}, seed {seed}: {response}");
                string end = await ReadFirstAsync(response);
                Assert.DoesNotMatch("\"code\":\"(internal|unknown|data_loss)\"", $"{method.FullName}, seed {seed}: {end}");
            }
        }
        await AssertServesOnAsync();
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/protobuf")]
    public async Task Calls_by_twirp_are_answered_or_refused(string contentType)
    {
        foreach (MethodDescriptor method in MediaGateway.Server.Twirp.Messages.RoomServiceReflection.Descriptor.Services.Single().Methods)
        {
            await PrepareAsync();
            for (int seed = 0; seed < Count; seed++)
            {
                byte[] body = Body(seed, method, contentType);
                using HttpResponseMessage response = await PostAsync($"/twirp/{TwirpEndpoints.Service}/{method.Name}", contentType, body);
                string answer = await response.Content.ReadAsStringAsync();
                Assert.True((int)response.StatusCode < 500, $"{method.FullName}, seed {seed}: {answer} {_errors}");
                if (response.StatusCode != HttpStatusCode.OK)
                    Assert.NotEmpty(JsonDocument.Parse(answer).RootElement.GetProperty("msg").GetString()!);
            }
        }
        await AssertServesOnAsync();
    }

    /// <summary>All methods but the one that ends the gateway's service.</summary>
    private static IEnumerable<MethodDescriptor> Methods() => ControlContracts.Methods.Where(method => method.Name != "Drain");

    private static byte[] Body(int seed, MethodDescriptor method, string contentType)
    {
        var space = new RequestSpace(seed);
        return contentType.EndsWith("json", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(space.Json(method.InputType))
            : space.Binary(method.InputType);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string contentType, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return await _gateway.Web.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<StatusCode> CallAsync(CallInvoker invoker, Method<byte[], byte[]> method, byte[] request)
    {
        var options = new CallOptions(ControlGateway.Admin, DateTime.UtcNow.AddSeconds(20));
        try
        {
            if (method.Type == MethodType.Unary)
            {
                await invoker.AsyncUnaryCall(method, null, options, request);
                return StatusCode.OK;
            }
            using AsyncServerStreamingCall<byte[]> call = invoker.AsyncServerStreamingCall(method, null, options, request);
            // A watch that was taken says something at once, or nothing until something happens.
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            await call.ResponseStream.MoveNext(patience.Token);
            return StatusCode.OK;
        }
        catch (RpcException refusal)
        {
            return refusal.StatusCode;
        }
    }

    /// <summary>The first message of a stream, or its end; empty for one that says nothing for a moment.</summary>
    private static async Task<string> ReadFirstAsync(HttpResponseMessage response)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var buffer = new byte[4096];
        try
        {
            int read = await (await response.Content.ReadAsStreamAsync()).ReadAsync(buffer, patience.Token);
            return buffer[0] == 0 ? "" : Encoding.UTF8.GetString(buffer, 0, read);
        }
        catch (OperationCanceledException)
        {
            return "";
        }
    }

    /// <summary>Puts up what requests may find: a room with two participants, a live stream with a source.</summary>
    private async Task PrepareAsync()
    {
        await _gateway.JoinAsync("stage", "ada");
        await _gateway.JoinAsync("stage", "bob");
        var stream = new CreateLiveStreamRequest { Name = "show", Sources = { new SourceSpec { Id = "bars", Slate = new SlateSource() } } };
        await _gateway.LiveStreams.CreateLiveStreamAsync(stream, ControlGateway.Admin);
    }

    private async Task AssertServesOnAsync()
    {
        using HttpResponseMessage ready = await _gateway.Web.GetAsync(new Uri("/readyz", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        await _gateway.JoinAsync("after", "ada");
        Assert.Equal("after", (await _gateway.Rooms.GetRoomAsync(new GetRoomRequest { Name = "after" }, ControlGateway.Admin)).Room.Name);
        Assert.Empty(_errors.All);
    }
}
