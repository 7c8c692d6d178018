using System.Diagnostics;

namespace MediaGateway.Server.Telemetry;

/// <summary>
/// One join on its way: a span over all of it, and under it one span for each phase. It ends once, connected or failed; what comes
/// later has no effect. Thread-safe.
/// </summary>
internal sealed class Join(Joins joins, string kind, long since, Activity? span)
{
    private readonly Lock _lock = new();
    private Activity? _phase;
    private bool _isOver;

    /// <summary>Ends the phase before, and begins another.</summary>
    /// <param name="phase">Its name; one of a fixed set.</param>
    public void Enter(string phase)
    {
        lock (_lock)
        {
            if (span is null || _isOver)
                return;
            Joins.End(_phase);
            _phase = joins.Start(phase, ActivityKind.Internal, span.Context);
        }
    }

    public void Connected()
    {
        if (TryEnd(ActivityStatusCode.Ok, null))
            joins.Record(kind, since);
    }

    /// <summary>Ends it with a refusal, which <see cref="RequestMetrics"/> counts.</summary>
    /// <param name="reason">The error's code.</param>
    public void Refused(string reason) => TryEnd(ActivityStatusCode.Error, reason);

    /// <summary>Ends it after the request was answered, without connected media.</summary>
    /// <param name="reason">Why; shown in the trace.</param>
    public void Failed(string reason)
    {
        if (TryEnd(ActivityStatusCode.Error, reason))
            joins.RecordFailure(kind);
    }

    private bool TryEnd(ActivityStatusCode status, string? reason)
    {
        lock (_lock)
        {
            if (_isOver)
                return false;
            _isOver = true;
            _phase?.SetStatus(status, reason);
            Joins.End(_phase);
            span?.SetStatus(status, reason);
            Joins.End(span);
            return true;
        }
    }
}
