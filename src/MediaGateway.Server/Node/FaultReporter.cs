using MediaGateway.Platform.Clock;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Server.Node;

/// <summary>Logs what the workers' threads report, at most once a second: a bug that every datagram hits must not fill the disk.</summary>
internal sealed class FaultReporter(ILogger logger, MonotonicClock clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private MonotonicTime _next;
    private int _suppressed;

    public void Report(Exception fault)
    {
        int suppressed;
        lock (_lock)
        {
            MonotonicTime now = clock.Now;
            if (now < _next)
            {
                _suppressed++;
                return;
            }
            _next = now + Interval;
            suppressed = _suppressed;
            _suppressed = 0;
        }
        logger.WorkerFault(suppressed, fault);
    }
}
