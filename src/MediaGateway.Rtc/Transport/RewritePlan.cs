using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Transport;

/// <summary>
/// How one packet looks to one subscriber: computed once by the forwarder, applied by <see cref="RtpSender"/>. The
/// same packet always yields the same plan, so that a retransmission without RTX is the same plaintext under
/// the same SRTP index, and AES-GCM's nonce is never used for two.
/// </summary>
public struct RewritePlan
{
    public ExtendedSequence Sequence { get; set; }
    public RtpTimestamp Timestamp { get; set; }
    public PayloadType PayloadType { get; set; }

    /// <summary>RTX payload type for retransmissions; null when the subscriber has none for this codec.</summary>
    public PayloadType? RetransmissionPayloadType { get; set; }

    public bool Marker { get; set; }

    /// <summary>Leading payload bytes that stay behind (a RED header that the subscriber does not take).</summary>
    public int PayloadSkip { get; set; }

    /// <summary>Whose picture numbers are shifted, where the offsets below are not 0.</summary>
    public CodecKind Codec { get; set; }

    /// <summary>Added to the VP8 or VP9 picture id, modulo its width.</summary>
    public ushort PictureIdOffset { get; set; }

    /// <summary>Added to TL0PICIDX, modulo 256.</summary>
    public byte Tl0PicIdxOffset { get; set; }

    public ExtensionTranslation? Extensions { get; set; }

    /// <summary>Added to the dependency descriptor's frame number, modulo 2^16.</summary>
    public ushort FrameNumberOffset { get; set; }
}
