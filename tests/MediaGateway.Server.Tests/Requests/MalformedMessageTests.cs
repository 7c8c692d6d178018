using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Requests;

/// <summary>Bytes that are no request are the caller's fault, over every protocol of a back end.</summary>
public sealed class MalformedMessageTests : IAsyncLifetime
{
    private ControlGateway _gateway = null!;

    /// <summary>Bytes that no message begins with: a length beyond the end, a field of number 0, a length that is none.</summary>
    public static TheoryData<byte[]> Malformed => [[0x0A, 0x7F], [0x00], [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07]];

    public async Task InitializeAsync() => _gateway = await ControlGateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Grpc_answers_invalid_argument(byte[] message)
    {
        Marshaller<byte[]> bytes = Marshallers.Create(text => text, text => text);
        var method = new Method<byte[], byte[]>(MethodType.Unary, "mediagateway.v1.RoomService", "CreateRoom", bytes, bytes);
        var watch = new Method<byte[], byte[]>(MethodType.ServerStreaming, "mediagateway.v1.EventService", "Watch", bytes, bytes);
        var options = new CallOptions(ControlGateway.Admin);
        CallInvoker invoker = _gateway.Channel.CreateCallInvoker();

        RpcException unary =
            await Assert.ThrowsAsync<RpcException>(async () => await invoker.AsyncUnaryCall(method, null, options, message));
        using AsyncServerStreamingCall<byte[]> stream = invoker.AsyncServerStreamingCall(watch, null, options, message);
        RpcException streaming = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal((StatusCode.InvalidArgument, StatusCode.InvalidArgument), (unary.StatusCode, streaming.StatusCode));
        Assert.Contains("CreateRoom", unary.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Connect_and_twirp_answer_400(byte[] message)
    {
        string token = TestGateway.Token(new TokenRequest("director", "", false, false, TimeSpan.FromHours(1)) { NodeAdmin = true });
        foreach ((string path, string type) in ((string, string)[])[("/mediagateway.v1.RoomService/CreateRoom", "application/proto"),
            ("/twirp/livekit.RoomService/CreateRoom", "application/protobuf")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(message) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

            using HttpResponseMessage response = await _gateway.Web.SendAsync(request);

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }
}
