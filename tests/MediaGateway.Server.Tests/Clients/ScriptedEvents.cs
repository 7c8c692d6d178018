using Grpc.Core;
using MediaGateway.Client;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Clients;

/// <summary>
/// Calls of Watch that answer with what a script says, one list of messages a connection, and then fail as a lost connection does.
/// </summary>
internal sealed class ScriptedEvents : CallInvoker
{
    private readonly Queue<IReadOnlyList<WatchResponse>> _connections;

    public ScriptedEvents(IReadOnlyList<IReadOnlyList<WatchResponse>> connections)
    {
        _connections = new Queue<IReadOnlyList<WatchResponse>>(connections);
        Client = new EventService.EventServiceClient(this);
    }

    /// <summary>Entry of a script behind which nothing comes until the call is cancelled.</summary>
    public static WatchResponse Silence { get; } = new();

    public EventService.EventServiceClient Client { get; }

    /// <summary>Requests so far, one a connection.</summary>
    public List<WatchRequest> Requests { get; } = [];

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        Requests.Add((WatchRequest)(object)request);
        return new AsyncServerStreamingCall<TResponse>(
            (IAsyncStreamReader<TResponse>)(object)new Reader(_connections.Dequeue(), options.CancellationToken),
            Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private sealed class Reader(IReadOnlyList<WatchResponse> messages, CancellationToken call) : IAsyncStreamReader<WatchResponse>
    {
        private int _next;

        public WatchResponse Current { get; private set; } = null!;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (_next == messages.Count)
                throw GatewayException.Of(new RpcException(new Status(StatusCode.Unavailable, "The connection is lost.")));
            Current = messages[_next++];
            if (Current == Silence)
                await Task.Delay(Timeout.Infinite, call);
            return true;
        }
    }
}
