using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Media;

/// <summary>Whoever releases the packets of one receiver's videos that wait.</summary>
internal interface IPacer
{
    /// <summary>A video of which all had been sent has a packet that waits.</summary>
    public void OnWaiting(PacedStream stream, MonotonicTime now);
}
