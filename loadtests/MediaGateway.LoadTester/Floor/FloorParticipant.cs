using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Floor;

/// <summary>Sends to the floor, and receives what all others send.</summary>
internal sealed class FloorParticipant(FloorPublisher publisher, FloorViewer viewer) : IViewer
{
    /// <summary>Completes at once: nothing is negotiated, and the first participant has nobody to wait for.</summary>
    public Task<TimeSpan> Playing => Task.FromResult(TimeSpan.Zero);

    public IReadOnlyCollection<Reception> Receptions => viewer.Receptions;

    public long PacketsReceived => viewer.PacketsReceived;

    public bool IsClosed => false;

    public void Attach(ClientLoop loop, MonotonicTime now)
    {
        viewer.Attach(loop, now);
        publisher.Attach(loop, now);
    }

    public void Detach(MonotonicTime now)
    {
        publisher.Detach(now);
        viewer.Detach(now);
    }

    public void Dispose()
    {
        publisher.Dispose();
        viewer.Dispose();
    }
}
