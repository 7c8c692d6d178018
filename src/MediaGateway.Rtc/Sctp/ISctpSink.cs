using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// Called synchronously from inside the association's own calls; spans are valid only for the call. It may call back:
/// send, open, close. What it sends leaves once the outer call has done its own work.
/// </summary>
public interface ISctpSink
{
    /// <summary>One SCTP packet for DTLS; false when it can't be sent now, which counts as lost.</summary>
    public bool SendPacket(ReadOnlySpan<byte> packet, MonotonicTime now);

    public void OnAssociationUp(MonotonicTime now);

    /// <summary>Called once, after <see cref="OnChannelClosed"/> for each channel; not when we closed it ourselves.</summary>
    public void OnAssociationEnded(SctpEndReason reason, MonotonicTime now);

    /// <summary>The remote opened a channel.</summary>
    public void OnChannelOpened(DataChannel channel, MonotonicTime now);

    public void OnMessage(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now);

    /// <summary>Both directions are closed, whoever began.</summary>
    public void OnChannelClosed(DataChannel channel, MonotonicTime now);

    /// <summary><see cref="DataChannel.BufferedAmount"/> has fallen to <see cref="DataChannel.BufferedAmountLowThreshold"/>.</summary>
    public void OnBufferedAmountLow(DataChannel channel, MonotonicTime now);
}
