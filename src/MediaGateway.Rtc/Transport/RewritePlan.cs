using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Transport;

/// <summary>
/// How one packet looks to one subscriber: computed once by the forwarder, applied by <see cref="RtpSender"/>. The
/// same packet always yields the same plan, so that a retransmission without RTX is the same plaintext under
/// the same SRTP index, and AES-GCM's nonce is never used for two.
/// </summary>
public struct RewritePlan
{
    public ExtendedSequence Sequence;
    public RtpTimestamp Timestamp;
    public PayloadType PayloadType;

    /// <summary>RTX payload type for retransmissions; null when the subscriber has none for this codec.</summary>
    public PayloadType? RetransmissionPayloadType;

    public bool Marker;

    /// <summary>Leading payload bytes that stay behind (a RED header that the subscriber does not take).</summary>
    public int PayloadSkip;

    /// <summary>Payload bytes that go out; -1 for all after <see cref="PayloadSkip"/>.</summary>
    public int PayloadLength;

    public PayloadEdits Edits;

    public ExtensionTranslation? Extensions;

    /// <summary>Added to the dependency descriptor's frame number, modulo 2^16.</summary>
    public ushort FrameNumberOffset;
}
