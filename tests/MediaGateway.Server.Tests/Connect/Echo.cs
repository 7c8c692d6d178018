using Echo.V1;
using Grpc.Core;

namespace MediaGateway.Server.Tests.Connect;

/// <summary>
/// A service that does what its requests say. It stands for the services of the control API, with all four kinds of methods.
/// </summary>
internal sealed class Echo : EchoService.EchoServiceBase
{
    public override async Task<SayResponse> Say(SayRequest request, ServerCallContext context)
    {
        await ActAsync(request, context);
        if (context.RequestHeaders.Get("ask") is { } ask)
            await context.WriteResponseHeadersAsync(new Metadata { { "header", ask.Value } });
        context.ResponseTrailers.Add("trailer", "kept");
        context.ResponseTrailers.Add("bytes-bin", context.RequestHeaders.GetValueBytes("bytes-bin") ?? []);
        return new SayResponse { Text = request.Text, Data = request.Data };
    }

    public override async Task<SayResponse> Collect(IAsyncStreamReader<SayRequest> requestStream, ServerCallContext context)
    {
        List<string> texts = [];
        await foreach (SayRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            await ActAsync(request, context);
            texts.Add(request.Text);
        }
        return new SayResponse { Text = string.Join(' ', texts), Number = texts.Count };
    }

    public override async Task Repeat(SayRequest request, IServerStreamWriter<SayResponse> responseStream, ServerCallContext context)
    {
        for (int i = 0; i < request.Count; i++)
            await responseStream.WriteAsync(new SayResponse { Text = request.Text, Number = i, Data = request.Data });
        await ActAsync(request, context);
    }

    public override async Task Chat(IAsyncStreamReader<SayRequest> requestStream, IServerStreamWriter<SayResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (SayRequest request in requestStream.ReadAllAsync())
        {
            await ActAsync(request, context);
            await responseStream.WriteAsync(new SayResponse { Text = request.Text });
        }
    }

    private static async Task ActAsync(SayRequest request, ServerCallContext context)
    {
        if (request.DelayMs != 0)
            await Task.Delay(request.DelayMs, context.CancellationToken);
        if (request.Fail == -1)
            throw new InvalidOperationException("secret");
        if (request.Fail != 0)
            throw new RpcException(new Status((StatusCode)request.Fail, request.Text), new Metadata { { "why", "asked" } });
    }
}
