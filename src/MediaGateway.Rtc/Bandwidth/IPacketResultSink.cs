using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>Whoever draws conclusions from the results of packets.</summary>
internal interface IPacketResultSink
{
    /// <summary>Takes what a feedback packet says, in the order of sending; the results of a long one come in several parts.</summary>
    public void OnResults(ReadOnlySpan<PacketResult> results, MonotonicTime now);
}
