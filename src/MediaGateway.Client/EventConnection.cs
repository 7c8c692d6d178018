using Grpc.Core;
using MediaGateway.V1;

namespace MediaGateway.Client;

/// <summary>One call of Watch. A connection that stays silent for longer than heartbeats allow counts as lost.</summary>
internal sealed class EventConnection : IDisposable
{
    private readonly CancellationToken _reader;
    private readonly CancellationTokenSource _ended;
    private readonly ITimer _silence;
    private readonly TimeSpan _longestSilence;
    private readonly AsyncServerStreamingCall<WatchResponse> _call;

    public EventConnection(
        EventService.EventServiceClient service, WatchRequest request, TimeSpan longestSilence, TimeProvider clock,
        CancellationToken reader)
    {
        _reader = reader;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(reader);
        _longestSilence = longestSilence;
        _silence = clock.CreateTimer(End, _ended, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _call = service.Watch(request, cancellationToken: _ended.Token);
    }

    public WatchResponse Current => _call.ResponseStream.Current;

    /// <summary>Waits for a message. Time that the reader takes between messages is no silence.</summary>
    /// <returns>Null when there is one; why there will be none on this connection otherwise.</returns>
    /// <exception cref="OperationCanceledException">The reader has cancelled.</exception>
    public async Task<GatewayException?> MoveNextAsync()
    {
        _silence.Change(_longestSilence, Timeout.InfiniteTimeSpan);
        try
        {
            return await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false)
                ? null
                : Lost("The gateway has ended the watch.");
        }
        catch (GatewayException failure)
        {
            return failure;
        }
        catch (OperationCanceledException) when (!_reader.IsCancellationRequested)
        {
            return Lost($"The gateway has been silent for {_longestSilence.TotalSeconds:F0} s.");
        }
        finally
        {
            _silence.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _silence.Dispose();
        _call.Dispose();
        _ended.Dispose();
    }

    private static GatewayException Lost(string reason) =>
        GatewayException.Of(new RpcException(new Status(StatusCode.Unavailable, reason)));

    private static void End(object? ended)
    {
        try
        {
            ((CancellationTokenSource)ended!).Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The connection has ended by itself in this moment.
        }
    }
}
