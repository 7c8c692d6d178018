using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MediaGateway.Client;

/// <summary>
/// Makes refusals of every call <see cref="GatewayException"/>s, and calls that their own token cancels
/// <see cref="OperationCanceledException"/>s. A refused access token is not borne again.
/// </summary>
internal sealed class ErrorInterceptor(AccessTokenCache tokens) : Interceptor
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        try
        {
            return continuation(request, context);
        }
        catch (RpcException refusal)
        {
            throw Translate(refusal, context.Options.CancellationToken);
        }
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        AsyncUnaryCall<TResponse> call = continuation(request, context);
        CancellationToken cancellation = context.Options.CancellationToken;
        return new AsyncUnaryCall<TResponse>(
            TranslatedAsync(call.ResponseAsync, cancellation), Unasked(TranslatedAsync(call.ResponseHeadersAsync, cancellation)),
            call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        AsyncServerStreamingCall<TResponse> call = continuation(request, context);
        CancellationToken cancellation = context.Options.CancellationToken;
        return new AsyncServerStreamingCall<TResponse>(
            new Reader<TResponse>(this, call.ResponseStream, cancellation),
            Unasked(TranslatedAsync(call.ResponseHeadersAsync, cancellation)),
            call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private async Task<T> TranslatedAsync<T>(Task<T> answer, CancellationToken cancellation)
    {
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (RpcException refusal)
        {
            throw Translate(refusal, cancellation);
        }
    }

    /// <summary>A task that few callers await: its failure is no unobserved one.</summary>
    private static Task<T> Unasked<T>(Task<T> task)
    {
        _ = task.ContinueWith(
            failed => failed.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }

    private Exception Translate(RpcException refusal, CancellationToken cancellation)
    {
        // A call that is cancelled as it ends may fail on this side with another status.
        if (cancellation.IsCancellationRequested
            && (refusal.StatusCode == StatusCode.Cancelled || refusal.Status.DebugException is not null))
            return new OperationCanceledException("The call was cancelled.", refusal, cancellation);
        if (refusal.StatusCode == StatusCode.Unauthenticated)
            tokens.Invalidate();
        return GatewayException.Of(refusal);
    }

    private sealed class Reader<T>(ErrorInterceptor errors, IAsyncStreamReader<T> messages, CancellationToken call) : IAsyncStreamReader<T>
    {
        public T Current => messages.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                return await messages.MoveNext(cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException refusal)
            {
                throw errors.Translate(refusal, cancellationToken.IsCancellationRequested ? cancellationToken : call);
            }
        }
    }
}
