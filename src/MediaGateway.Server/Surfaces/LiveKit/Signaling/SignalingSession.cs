using System.Net.WebSockets;
using MediaGateway.Server.Background;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Options;
using MediaGateway.Server.Signaling.Messages;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>
/// One participant's signaling connection: reads requests one after another, each once the one before has been served,
/// so a client cannot have more than one at work; sends what its outbox holds; and ends for one of the reasons of
/// <see cref="SignalEnd"/>.
/// </summary>
internal sealed class SignalingSession(
    WebSocket socket, SignalOutbox outbox, SignalRequestHandler handler, SignalingOptions limits, MessageMemory memory,
    Supervisor supervisor)
{
    /// <summary>Interval at which clients are told to ping, seconds. Clients divide by it, so it is never 0.</summary>
    public const int PingIntervalSeconds = 5;

    public const int PingTimeoutSeconds = 15;

    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(2 * PingTimeoutSeconds);

    /// <summary>Time for what waits to go out, and for the client to close its side.</summary>
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    /// <summary>True when silence means that the client is gone: SDKs ping, a page written by hand need not.</summary>
    public bool ExpectsPings { get; init; }

    /// <param name="firstRequests">Served before anything that the client sends now.</param>
    public async Task<SignalEnd> RunAsync(IEnumerable<SignalRequest> firstRequests)
    {
        Task sending = outbox.RunAsync(socket);
        Task receiving = ReceiveAsync(firstRequests);
        await Task.WhenAny(sending, receiving, outbox.Ended);
        if (receiving.IsCompleted)
            outbox.End(SignalEnd.ClosedByClient);
        await CloseAsync(socket, Task.WhenAll(sending, receiving), supervisor);
        return await outbox.Ended;
    }

    /// <summary>Lets both directions end in peace for a while.</summary>
    public static async Task CloseAsync(WebSocket socket, Task work, Supervisor supervisor)
    {
        using CancellationTokenSource limit = new(CloseLimit, supervisor.Clock);
        using (supervisor.OnCancelled("abort of a WebSocket", socket.Abort, limit.Token))
            await work;
    }

    private async Task ReceiveAsync(IEnumerable<SignalRequest> firstRequests)
    {
        foreach (SignalRequest request in firstRequests)
            await handler.HandleAsync(request);
        using SignalReader reader = new(socket, limits.MaxMessageBytes, memory);
        TokenBucket budget = new(limits.MessagesPerSecond, limits.MessageBurst, supervisor.Clock);
        using ITimer? silence = ExpectsPings
            ? supervisor.CreateTimer("silent WebSocket", () => outbox.End(SignalEnd.Silent), SilenceLimit, Timeout.InfiniteTimeSpan)
            : null;
        while (!outbox.Ended.IsCompleted)
        {
            ReceivedMessage message = await reader.ReadAsync();
            if (message.Kind == ReceivedKind.Closed)
                return;
            silence?.Change(SilenceLimit, Timeout.InfiniteTimeSpan);
            if (Refusal(message, budget, out SignalRequest? request) is { } refusal)
                outbox.End(refusal);
            else if (!outbox.Ended.IsCompleted)
                await handler.HandleAsync(request!);
        }
        await reader.DrainAsync();
    }

    private SignalEnd? Refusal(ReceivedMessage message, TokenBucket budget, out SignalRequest? request)
    {
        request = null;
        if (message.Kind == ReceivedKind.TooLarge)
            return SignalEnd.TooLarge;
        if (message.Kind == ReceivedKind.NoRoom)
            return SignalEnd.NoRoom;
        if (!budget.TryTake())
            return SignalEnd.RateLimited;
        bool isText = message.Kind == ReceivedKind.Text;
        if (!SignalCodec.TryDecode(message.Payload.Span, isText, out request))
            return SignalEnd.Malformed;
        outbox.AnswersInText = isText;
        return null;
    }
}
