using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;

namespace MediaGateway.Rtc.Transport;

/// <summary>Where a peer's media and media feedback go, synchronously, on the worker's thread.</summary>
public interface IPeerTransportHandler
{
    /// <summary>
    /// A media packet, each index once. An empty payload is padding: it carries no media, but it took a sequence number.
    /// </summary>
    public void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now);

    /// <summary>The remote lost this packet of ours (RFC 4585 section 6.2.1).</summary>
    public void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now);

    /// <summary>The remote needs a key frame: PLI (RFC 4585 section 6.3.1) or FIR (RFC 5104 section 4.3.1).</summary>
    public void OnKeyFrameRequest(RtpSender sender, MonotonicTime now);

    /// <summary>The remote opened a data channel.</summary>
    public void OnDataChannelOpened(DataChannel channel, MonotonicTime now);

    /// <summary>A whole message, borrowed for the call. It may be sent on, and channels opened or closed, from inside.</summary>
    public void OnDataMessage(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now);

    /// <summary>The channel is closed in both directions, or its association has ended while the transport goes on.</summary>
    public void OnDataChannelClosed(DataChannel channel, MonotonicTime now);

    /// <summary>What the channel has buffered has become low (<see cref="DataChannel.BufferedAmountLowThreshold"/>).</summary>
    public void OnDataChannelDrained(DataChannel channel, MonotonicTime now);
}
