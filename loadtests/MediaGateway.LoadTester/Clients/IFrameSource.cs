using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Clients;

/// <summary>Something that sends by the clock.</summary>
internal interface IFrameSource
{
    public MonotonicTime NextFrame { get; }

    public void SendFrame(MonotonicTime now);
}
