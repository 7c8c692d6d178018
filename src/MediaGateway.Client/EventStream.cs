using System.Runtime.CompilerServices;
using MediaGateway.V1;

namespace MediaGateway.Client;

/// <summary>
/// A watch of events over as many connections as it takes. It asks for what comes behind the last message that was received, so nothing is
/// lost and nothing comes twice.
/// </summary>
internal sealed class EventStream(EventWatch watch)
{
    /// <summary>Silence that is given up on, beyond two heartbeats: a gateway under load may be late.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly EventReconnection _reconnection = new(watch);

    private string _resumeToken = watch.ResumeToken;
    private long _sequence = long.MinValue;
    private Missed? _missed;
    private SnapshotPart _snapshot = new();

    /// <summary>The events; each enumeration is a watch of its own.</summary>
    public static async IAsyncEnumerable<GatewayEvent> ReadAsync(
        EventService.EventServiceClient service, EventWatch watch, TimeProvider clock,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EventStream stream = new(watch);
        while (true)
        {
            GatewayException? failure;
            using (EventConnection connection = new(service, stream.Request(), watch.Heartbeat * 2 + Patience, clock, cancellationToken))
            {
                while ((failure = await connection.MoveNextAsync().ConfigureAwait(false)) is null)
                {
                    stream._reconnection.OnMessage();
                    if (stream.Take(connection.Current) is { } told)
                        yield return told;
                }
            }
            TimeSpan pause = stream._reconnection.PauseAfter(failure);
            watch.Interrupted?.Invoke(failure, pause);
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private WatchRequest Request() => new()
    {
        Rooms = { watch.Rooms },
        LiveStreams = { watch.LiveStreams },
        Kinds = { watch.Kinds },
        HeartbeatSeconds = (int)watch.Heartbeat.TotalSeconds,
        ResumeToken = _resumeToken,
    };

    /// <summary>The event that a message makes; null for one that the reader does not need.</summary>
    private GatewayEvent? Take(WatchResponse message)
    {
        switch (message.EventCase)
        {
            case WatchResponse.EventOneofCase.Missed:
                // The position stays where it was until the snapshot is there: a connection lost in between must not go on behind it.
                _missed = message.Missed;
                return null;
            case WatchResponse.EventOneofCase.SnapshotPart:
                if (!Complete(message))
                    return null;
                Missed? missed = _missed;
                _missed = null;
                return Advanced(message, missed);
            case WatchResponse.EventOneofCase.Heartbeat:
                GatewayEvent heartbeat = Advanced(message, null);
                return watch.IncludeHeartbeats ? heartbeat : null;
            default:
                return message.Sequence > _sequence ? Advanced(message, null) : null;
        }
    }

    /// <summary>Adds a part to its snapshot. The message of the last part gets all of it.</summary>
    /// <returns>Whether the snapshot is complete.</returns>
    private bool Complete(WatchResponse message)
    {
        if (message.SnapshotPart.First)
            _snapshot = new SnapshotPart();
        _snapshot.MergeFrom(message.SnapshotPart);
        if (!message.SnapshotPart.Last)
            return false;
        message.SnapshotPart = _snapshot;
        _snapshot = new SnapshotPart();
        return true;
    }

    private GatewayEvent Advanced(WatchResponse message, Missed? missed)
    {
        (_sequence, _resumeToken) = (message.Sequence, message.ResumeToken);
        return new GatewayEvent(message, missed);
    }
}
