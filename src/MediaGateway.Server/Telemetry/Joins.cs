using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Telemetry;

/// <summary>
/// Follows each join from its HTTP request to its connected peer, as a trace and in a histogram of the time that it took. Thread-safe.
/// </summary>
internal sealed class Joins : IDisposable
{
    private readonly ConcurrentDictionary<ParticipantSid, Join> _participants = new();
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _failed;
    private readonly TimeProvider _clock;

    public Joins(IMeterFactory factory, TimeProvider clock)
    {
        _clock = clock;
        Meter meter = factory.Create(TelemetryNames.Meter);
        _duration = meter.CreateHistogram(
            "mediagateway.join.duration",
            "s",
            "Time from the HTTP request to connected media, by kind.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 15],
            });
        _failed = meter.CreateCounter<long>(
            "mediagateway.joins.failed", "{join}", "Joins that ended before their media was connected, by kind.");
    }

    /// <summary>The source of the spans.</summary>
    internal ActivitySource Source { get; } = new(TelemetryNames.Source);

    /// <summary>The time, for <c>since</c> of the methods below.</summary>
    public long Now => _clock.GetTimestamp();

    /// <summary>Begins a join by WHIP or WHEP. The span of its request becomes the parent.</summary>
    /// <param name="kind">The way in; one of a fixed set.</param>
    /// <param name="since">When its request came (<see cref="Now"/>).</param>
    public Join Begin(string kind, long since) => Begin(kind, ActivityKind.Internal, default, since);

    /// <summary>
    /// Begins a join by a WebSocket, whose request has no span of its own. The parent is the client's span, if it names one (W3C Trace
    /// Context).
    /// </summary>
    /// <param name="kind">The way in; one of a fixed set.</param>
    /// <param name="since">When its request came (<see cref="Now"/>).</param>
    /// <param name="headers">The request's.</param>
    public Join Begin(string kind, long since, IHeaderDictionary headers)
    {
        ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out ActivityContext parent);
        Activity? current = Activity.Current;
        Activity.Current = null;
        try
        {
            return Begin(kind, ActivityKind.Server, parent, since);
        }
        finally
        {
            Activity.Current = current;
        }
    }

    /// <summary>Has a join end once the participant is <see cref="ParticipantState.Active"/>.</summary>
    public void Await(ParticipantSid sid, Join join) => _participants[sid] = join;

    /// <summary>Takes in what has changed of a participant.</summary>
    public void OnParticipant(ParticipantInfo participant)
    {
        if (participant.State == ParticipantState.Active && _participants.TryRemove(participant.Sid, out Join? join))
            join.Connected();
    }

    /// <summary>Gives a participant's join up if it is not connected by now.</summary>
    public void GiveUp(ParticipantSid sid, string reason)
    {
        if (_participants.TryRemove(sid, out Join? join))
            join.Failed(reason);
    }

    public void Dispose() => Source.Dispose();

    /// <summary>Starts a span without making it the current one: who is served meanwhile is not part of it.</summary>
    internal Activity? Start(string name, ActivityKind kind, ActivityContext parent, DateTimeOffset startTime = default)
    {
        Activity? current = Activity.Current;
        Activity? span = Source.StartActivity(name, kind, parent, startTime: startTime);
        Activity.Current = current;
        return span;
    }

    /// <summary>Ends a span; what is current on the caller's side stays so.</summary>
    internal static void End(Activity? span)
    {
        Activity? current = Activity.Current;
        span?.Dispose();
        Activity.Current = current;
    }

    internal void Record(string kind, long since) =>
        _duration.Record(_clock.GetElapsedTime(since).TotalSeconds, new KeyValuePair<string, object?>("kind", kind));

    internal void RecordFailure(string kind) => _failed.Add(1, new KeyValuePair<string, object?>("kind", kind));

    private Join Begin(string kind, ActivityKind spanKind, ActivityContext parent, long since)
    {
        // In this order: a thread that is held up between the two clocks would begin the join before its request.
        TimeSpan elapsed = _clock.GetElapsedTime(since);
        DateTimeOffset startTime = _clock.GetUtcNow() - elapsed;
        Activity? span = Start("join " + kind, spanKind, parent, startTime);
        if (span is not null)
            End(Start("admit", ActivityKind.Internal, span.Context, startTime));
        return new Join(this, kind, since, span);
    }
}
