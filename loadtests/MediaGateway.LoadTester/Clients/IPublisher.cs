using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Clients;

/// <summary>A client that sends. Attached, detached and read on its loop's thread.</summary>
internal interface IPublisher : IDisposable
{
    /// <summary>Completes once media flows.</summary>
    public Task Connected { get; }

    public long PacketsSent { get; }

    public void Attach(ClientLoop loop, MonotonicTime now);

    public void Detach(MonotonicTime now);
}
