using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;
using V1 = Grpc.Reflection.V1;

namespace MediaGateway.Grpc.Server;

/// <summary>grpc.reflection.v1alpha: the same messages under another name, which is all that older tools know.</summary>
internal sealed class ReflectionV1AlphaService(DescriptorIndex index) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        await foreach (ServerReflectionRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            V1.ServerReflectionResponse answer = index.Answer(V1.ServerReflectionRequest.Parser.ParseFrom(request.ToByteArray()));
            await responseStream.WriteAsync(ServerReflectionResponse.Parser.ParseFrom(answer.ToByteArray()));
        }
    }
}
