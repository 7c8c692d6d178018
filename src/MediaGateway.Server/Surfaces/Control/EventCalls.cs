using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;
using MediaGateway.V1;
using WatchRequest = MediaGateway.V1.WatchRequest;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>mediagateway.v1.EventService.</summary>
internal sealed class EventCalls(
    EventLog log, WatcherCount watchers, WatchMetrics metrics, Readiness readiness, ControlOptions options, TimeProvider clock)
    : EventService.EventServiceBase
{
    private const int MaxNames = 1_000;
    private const int MaxHeartbeatSeconds = 60;
    private const int DefaultHeartbeatSeconds = 10;
    private const int Batch = 256;

    public override async Task Watch(WatchRequest request, IServerStreamWriter<WatchResponse> responseStream, ServerCallContext context)
    {
        Caller caller = context.GetCaller();
        TimeSpan heartbeat = Check(request);
        var filter = new WatchFilter(request);
        using IDisposable place = watchers.Enter(options.MaxWatchers);
        using var watch = new WatchLifetime(caller, readiness, clock, context.CancellationToken);
        await watch.RunAsync(() => WatchAsync(request, filter, heartbeat, responseStream, watch));
    }

    private async Task WatchAsync(
        WatchRequest request, WatchFilter filter, TimeSpan heartbeat, IServerStreamWriter<WatchResponse> stream, WatchLifetime watch)
    {
        if (!TryResume(request.ResumeToken, filter, out long sequence, out MissedReason missed))
            sequence = await BeginAsync(filter, missed, 0, stream, watch);
        List<EventEntry> entries = new(Batch);
        long told = clock.GetTimestamp();
        while (true)
        {
            watch.Ended.ThrowIfCancellationRequested();
            entries.Clear();
            if (!log.TryRead(sequence, entries, out Task changed))
            {
                sequence = await BeginAsync(filter, MissedReason.SlowReader, sequence + 1, stream, watch);
                continue;
            }
            foreach (EventEntry entry in entries)
            {
                sequence = entry.Sequence;
                if (!filter.Wants(entry.Change))
                    continue;
                await watch.WriteAsync(stream, Message(filter, entry.Sequence, entry.Time, ControlModels.Event(entry.Change)));
                told = clock.GetTimestamp();
            }
            // Changes that the filter leaves out are silence to the reader, whose token has to keep up with them all the same.
            TimeSpan left = heartbeat - clock.GetElapsedTime(told);
            if (left > TimeSpan.Zero && (entries.Count > 0 || await CompletesAsync(changed, left, watch.Ended)))
                continue;
            WatchResponse alive = Message(filter, sequence, clock.GetUtcNow(), new WatchResponse { Heartbeat = new Heartbeat() });
            await watch.WriteAsync(stream, alive);
            told = clock.GetTimestamp();
        }
    }

    /// <summary>
    /// Says what is missing, if anything is, and tells everything there is. Only the last part can be resumed from: whoever has some of the
    /// parts knows too little to go on with changes.
    /// </summary>
    private async Task<long> BeginAsync(
        WatchFilter filter, MissedReason missed, long from, IServerStreamWriter<WatchResponse> stream, WatchLifetime watch)
    {
        (NodeState state, long sequence) = log.Snapshot();
        if (missed != MissedReason.Unspecified)
        {
            metrics.Missed(missed.ToString());
            var gap = new WatchResponse { Missed = new Missed { Reason = missed, FromSequence = from } };
            await watch.WriteAsync(stream, Message(null, sequence, clock.GetUtcNow(), gap));
        }
        foreach (SnapshotPart part in SnapshotParts.Of(state, filter))
        {
            WatchResponse message =
                Message(part.Last ? filter : null, sequence, clock.GetUtcNow(), new WatchResponse { SnapshotPart = part });
            await watch.WriteAsync(stream, message);
        }
        return sequence;
    }

    private async Task<bool> CompletesAsync(Task changed, TimeSpan heartbeat, CancellationToken ended)
    {
        try
        {
            await changed.WaitAsync(heartbeat, clock, ended);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private bool TryResume(string token, WatchFilter filter, out long sequence, out MissedReason missed)
    {
        sequence = 0;
        missed = MissedReason.Unspecified;
        if (token.Length == 0)
            return false;
        string[] parts = token.Split('.');
        if (parts.Length != 3 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out sequence))
            throw Refusal.Invalid("resume_token", "resume_token is none: send the resume_token of the last message, or nothing.");
        if (parts[0] != log.NodeId || parts[2] != filter.Hash)
            missed = MissedReason.TokenUnknown;
        else if (!log.TryRead(sequence, new List<EventEntry>(1), out _))
            missed = MissedReason.TokenTooOld;
        return missed == MissedReason.Unspecified;
    }

    /// <param name="filter">The watch's, when it can be resumed behind the message; null otherwise.</param>
    /// <param name="sequence">Number of the last change that the message tells.</param>
    /// <param name="time">When it happened.</param>
    /// <param name="message">What is told.</param>
    private WatchResponse Message(WatchFilter? filter, long sequence, DateTimeOffset time, WatchResponse message)
    {
        message.Sequence = sequence;
        message.Time = time.ToTimestamp();
        message.ResumeToken = filter is null ? "" : $"{log.NodeId}.{sequence}.{filter.Hash}";
        return message;
    }

    private static TimeSpan Check(WatchRequest request)
    {
        if (request.Rooms.Count + request.LiveStreams.Count > MaxNames)
            throw Refusal.Invalid($"A filter names {MaxNames} rooms and streams at most.");
        if (request.Kinds.Any(kind => kind == EventKind.Unspecified || !System.Enum.IsDefined(kind)))
            throw Refusal.Invalid("kinds", "kinds names a kind that there is not.");
        if (request.HeartbeatSeconds is < 0 or > MaxHeartbeatSeconds)
            throw Refusal.Invalid("heartbeat_seconds",
                $"heartbeat_seconds is 1 to {MaxHeartbeatSeconds}, or 0 for {DefaultHeartbeatSeconds}.");
        return TimeSpan.FromSeconds(request.HeartbeatSeconds == 0 ? DefaultHeartbeatSeconds : request.HeartbeatSeconds);
    }
}
