using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace MediaGateway.LoadTester.Measuring;

/// <summary>
/// Listens to the collector of a .NET process from outside (EventPipe): how long it stopped the threads, and how often. Ownership:
/// dispose before the process ends.
/// </summary>
internal sealed class GarbageWatch : IDisposable
{
    private const int EventsBufferMegabytes = 16;

    private readonly EventPipeSession _session;
    private readonly Thread _thread;
    private readonly Lock _lock = new();
    private double _suspendedAt = -1;
    private double _suspending;
    private int? _generation;
    private GarbageReport _report = GarbageReport.Empty;

    public GarbageWatch(int processId)
    {
        var collector =
            new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, (long)ClrTraceEventParser.Keywords.GC);
        var counters = new EventPipeProvider("System.Runtime", EventLevel.Informational, 0, new Dictionary<string, string>
        { ["EventCounterIntervalSec"] = "1" });
        _session = new DiagnosticsClient(processId)
            .StartEventPipeSession([collector, counters], requestRundown: false, EventsBufferMegabytes);
        _thread = new Thread(Listen) { IsBackground = true, Name = "garbage-watch" };
        _thread.Start();
    }

    /// <summary>Takes what has been seen since the last call.</summary>
    public GarbageReport Take()
    {
        lock (_lock)
        {
            GarbageReport report = _report;
            _report = GarbageReport.Empty;
            return report;
        }
    }

    public void Dispose()
    {
        _session.Stop();
        _thread.Join();
        _session.Dispose();
    }

    private void Listen()
    {
        using var source = new EventPipeEventSource(_session.EventStream);
        source.Clr.GCStart += started =>
        {
            Note(report => report with
            { Collections = report.Collections + 1, FullCollections = report.FullCollections + (started.Depth == 2 ? 1 : 0) });
            _generation = started.Depth;
        };
        source.Clr.GCSuspendEEStart += suspended =>
        {
            (_suspendedAt, _suspending) = (suspended.TimeStampRelativeMSec, 0);
            // A background collection stops the threads for its steps, of which only the first is where it starts.
            _generation = suspended.Reason == GCSuspendEEReason.SuspendForGCPrep ? 2 : null;
        };
        source.Clr.GCSuspendEEStop += stopped => _suspending = stopped.TimeStampRelativeMSec - _suspendedAt;
        source.Clr.GCRestartEEStop += restarted =>
        {
            if (_suspendedAt >= 0)
                Note(report => report.WithPause(restarted.TimeStampRelativeMSec - _suspendedAt, _suspending, _generation));
            _suspendedAt = -1;
        };
        source.Dynamic.All += OnCounter;
        source.Process();
    }

    private void OnCounter(TraceEvent counter)
    {
        if (counter.EventName != "EventCounters" || counter.PayloadValue(0) is not IDictionary<string, object> { } outer
            || outer["Payload"] is not IDictionary<string, object> values)
            return;
        switch (values["Name"])
        {
            case "alloc-rate":
                long allocated = Convert.ToInt64(values["Increment"], CultureInfo.InvariantCulture);
                Note(report => report with { AllocatedBytes = report.AllocatedBytes + allocated });
                break;
            case "gc-heap-size":
                double heap = Convert.ToDouble(values["Mean"], CultureInfo.InvariantCulture);
                Note(report => report with { HeapMegabytes = heap });
                break;
            case "gc-committed":
                double committed = Convert.ToDouble(values["Mean"], CultureInfo.InvariantCulture);
                Note(report => report with { CommittedMegabytes = committed });
                break;
        }
    }

    private void Note(Func<GarbageReport, GarbageReport> change)
    {
        lock (_lock)
            _report = change(_report);
    }
}
