using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Control;

/// <summary>Tests of what holds for every method of the contracts, one that is added later included.</summary>
public sealed class MethodGrantsTests
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);

    private static readonly FileDescriptor[] Contracts =
    [
        RoomsReflection.Descriptor, ParticipantsReflection.Descriptor, TracksReflection.Descriptor, LiveStreamsReflection.Descriptor,
        NodeReflection.Descriptor, EventsReflection.Descriptor, StatsReflection.Descriptor,
    ];

    private static IEnumerable<MethodDescriptor> Methods =>
        Contracts.SelectMany(file => file.Services).SelectMany(service => service.Methods);

    [Fact]
    public void Every_contract_is_looked_at() => Assert.Equal(
        typeof(RoomsReflection).Assembly.GetTypes()
        .Count(type => type.Namespace == typeof(RoomsReflection).Namespace && type.Name.EndsWith("Reflection", StringComparison.Ordinal)),
        Contracts.Length);

    /// <summary>A token changes nothing here: whoever repeats the call has two.</summary>
    [Fact]
    public void Command_can_be_repeated_by_its_request_id() => Assert.All(
        Methods.Where(method => Commands.Contains(PathOf(method)) && method.Name != "CreateJoinToken"), method =>
        Assert.NotNull(method.InputType.FindFieldByName("request_id")));

    [Fact]
    public async Task No_method_is_open_to_a_token_that_grants_nothing_of_it()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        Metadata elsewhere =
            ControlGateway.Bearer(new TokenRequest("visitor", "elsewhere", CanPublish: true, CanSubscribe: true, TimeSpan.FromHours(1)));
        foreach (MethodDescriptor method in Methods)
        {
            Assert.True(await StatusOfAsync(gateway.Channel, method, []) == StatusCode.Unauthenticated,
                $"{method.FullName} is open to everybody");
            StatusCode status = await StatusOfAsync(gateway.Channel, method, elsewhere);
            Assert.True(status == StatusCode.PermissionDenied, $"{method.FullName} answers {status} to a token that does not grant it");
        }
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

    private static string PathOf(MethodDescriptor method) => $"/{method.Service.FullName}/{method.Name}";
}
