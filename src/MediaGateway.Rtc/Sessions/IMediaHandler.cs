using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sessions;

/// <summary>Receiver of a remote's media and of its feedback on ours, called synchronously on the worker's thread.</summary>
public interface IMediaHandler
{
    /// <summary>
    /// A media packet, each index once. An empty payload is padding: it carries no media, but it took a sequence number.
    /// </summary>
    public void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now);

    /// <summary>The remote lost this packet of ours (RFC 4585 section 6.2.1).</summary>
    public void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now);

    /// <summary>The remote needs a key frame: PLI (RFC 4585 section 6.3.1) or FIR (RFC 5104 section 4.3.1).</summary>
    public void OnKeyFrameRequest(RtpSender sender, MonotonicTime now);
}
