using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Clients;

/// <summary>A source that sends by the clock.</summary>
internal interface IFrameSource
{
    public MonotonicTime NextFrame { get; }

    public void SendFrame(MonotonicTime now);
}
