using Grpc.Core;
using Grpc.Reflection.V1;

namespace MediaGateway.Grpc.Server;

/// <summary>grpc.reflection.v1.</summary>
internal sealed class ReflectionService(DescriptorIndex index) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        await foreach (ServerReflectionRequest request in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(index.Answer(request));
    }
}
