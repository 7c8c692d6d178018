using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;

namespace MediaGateway.Rtc.Transport;

/// <summary>Receiver of a remote's data channels and messages, called synchronously on the worker's thread.</summary>
public interface IDataHandler
{
    /// <summary>The remote opened a data channel.</summary>
    public void OnDataChannelOpened(DataChannel channel, MonotonicTime now);

    /// <summary>A whole message, borrowed for the call. It may be sent on, and channels opened or closed, from inside.</summary>
    public void OnDataMessage(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now);

    /// <summary>The channel is closed in both directions, or its association has ended while the transport goes on.</summary>
    public void OnDataChannelClosed(DataChannel channel, MonotonicTime now);

    /// <summary>Reports that the channel's buffered amount has become low (<see cref="DataChannel.BufferedAmountLowThreshold"/>).</summary>
    public void OnDataChannelDrained(DataChannel channel, MonotonicTime now)
    {
    }
}
