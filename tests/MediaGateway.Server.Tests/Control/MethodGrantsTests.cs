using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Server.Twirp.Messages;

namespace MediaGateway.Server.Tests.Control;

/// <summary>Tests of what holds for every method of the contracts, one that is added later included.</summary>
public sealed class MethodGrantsTests
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);

    [Fact]
    public void Every_service_is_looked_at() => Assert.Equal(
        ["EventService", "LiveStreamService", "NodeService", "ParticipantService", "RoomService", "StatsService", "TrackService"],
        ControlContracts.Services.Select(service => service.Name).Order(StringComparer.Ordinal));

    /// <summary>A token changes nothing here: whoever repeats the call has two.</summary>
    [Fact]
    public void Command_can_be_repeated_by_its_request_id() => Assert.All(
        ControlContracts.Methods.Where(method => IsCommand(method) && method.Name != "CreateJoinToken"), method =>
        Assert.NotNull(method.InputType.FindFieldByName("request_id")));

    [Fact]
    public async Task No_method_is_open_to_a_token_that_grants_nothing_of_it()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        Metadata elsewhere =
            ControlGateway.Bearer(new TokenRequest("visitor", "elsewhere", CanPublish: true, CanSubscribe: true, TimeSpan.FromHours(1)));
        foreach (MethodDescriptor method in ControlContracts.Methods)
        {
            Assert.True(await StatusOfAsync(gateway.Channel, method, []) == StatusCode.Unauthenticated,
                $"{method.FullName} is open to everybody");
            StatusCode status = await StatusOfAsync(gateway.Channel, method, elsewhere);
            Assert.True(status == StatusCode.PermissionDenied, $"{method.FullName} answers {status} to a token that does not grant it");
        }
    }

    [Fact]
    public async Task No_method_of_LiveKits_server_API_is_open_to_a_token_that_grants_nothing_of_it()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        string elsewhere =
            TestGateway.Token(new TokenRequest("visitor", "elsewhere", CanPublish: true, CanSubscribe: true, TimeSpan.FromHours(1)));
        foreach (MethodDescriptor method in RoomServiceReflection.Descriptor.Services.Single().Methods)
        {
            Assert.Equal((method.Name, HttpStatusCode.Unauthorized), (method.Name, await TwirpStatusOfAsync(gateway.Web, method, null)));
            Assert.Equal((method.Name, HttpStatusCode.Forbidden), (method.Name, await TwirpStatusOfAsync(gateway.Web, method, elsewhere)));
        }
    }

    private static async Task<HttpStatusCode> TwirpStatusOfAsync(HttpClient client, MethodDescriptor method, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/twirp/livekit.RoomService/{method.Name}")
        { Content = new StringContent(JsonFormatter.Default.Format(RequestOf(method)), Encoding.UTF8, MediaTypeNames.Application.Json) };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<StatusCode> StatusOfAsync(ChannelBase channel, MethodDescriptor method, Metadata headers)
    {
        var kind = method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
        var call = new Method<byte[], byte[]>(kind, method.Service.FullName, method.Name, Bytes, Bytes);
        byte[] request = RequestOf(method).ToByteArray();
        try
        {
            if (method.IsServerStreaming)
            {
                using AsyncServerStreamingCall<byte[]> stream = channel.CreateCallInvoker()
                    .AsyncServerStreamingCall(call, null, new CallOptions(headers), request);
                await stream.ResponseStream.MoveNext(CancellationToken.None);
            }
            else
            {
                await channel.CreateCallInvoker().AsyncUnaryCall(call, null, new CallOptions(headers), request);
            }
            return StatusCode.OK;
        }
        catch (RpcException refusal)
        {
            return refusal.StatusCode;
        }
    }

    /// <summary>A request that is well-formed as far as its texts go: all of them are the name of a room, stream or person.</summary>
    private static IMessage RequestOf(MethodDescriptor method)
    {
        IMessage request = method.InputType.Parser.ParseFrom(ByteString.Empty);
        string[] names = ["name", "room", "identity", "live_stream", "destination_room", "source", "track_sid"];
        foreach (FieldDescriptor field in names.Select(method.InputType.FindFieldByName).OfType<FieldDescriptor>())
        {
            if (field is { FieldType: FieldType.String, IsRepeated: false })
                field.Accessor.SetValue(request, "stage");
        }
        return request;
    }

    private static bool IsCommand(MethodDescriptor method) =>
        MethodAccess.OfService(method.Service, method.Service.FullName)[ControlContracts.PathOf(method)].IsCommand;
}
