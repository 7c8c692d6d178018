using Grpc.Core;
using Grpc.Net.Client;

namespace MediaGateway.Grpc.Client;

/// <summary>Makes calls with an HTTP client.</summary>
internal sealed class HttpCallInvoker(HttpClient http, GrpcChannelOptions options) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        AsyncUnaryCall(method, host, options, request).ResponseAsync.GetAwaiter().GetResult();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        HttpClientCall<TRequest, TResponse> call = Start(method, options, request);
        return new AsyncUnaryCall<TResponse>(call.ReadOnlyAsync(), call.Headers, () => call.Status, () => call.Trailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        HttpClientCall<TRequest, TResponse> call = Start(method, options, request);
        return new AsyncServerStreamingCall<TResponse>(call, call.Headers, () => call.Status, () => call.Trailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        HttpClientCall<TRequest, TResponse> call = Start(method, options, null);
        return new AsyncClientStreamingCall<TRequest, TResponse>(call, call.ReadOnlyAsync(), call.Headers, () => call.Status, () => call.Trailers, call.Dispose);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        HttpClientCall<TRequest, TResponse> call = Start(method, options, null);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(call, call, call.Headers, () => call.Status, () => call.Trailers, call.Dispose);
    }

    private HttpClientCall<TRequest, TResponse> Start<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions callOptions, TRequest? request)
        where TRequest : class
        where TResponse : class
    {
        var call = new HttpClientCall<TRequest, TResponse>(method, callOptions, options.MaxReceiveMessageSize ?? int.MaxValue);
        call.Start(http, request);
        return call;
    }
}
