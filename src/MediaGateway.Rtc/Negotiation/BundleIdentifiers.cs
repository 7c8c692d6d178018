using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// Numbers that mean one thing in a whole bundle, since its sections share one RTP session: payload types
/// (RFC 9143 section 9.1), header extension ids (RFC 8285 section 5) and SSRCs (RFC 3550 section 8).
/// </summary>
internal sealed class BundleIdentifiers
{
    private readonly Dictionary<PayloadType, RtpCodec> _codecs = [];
    private readonly Dictionary<PayloadType, RtpCodec> _retransmissions = [];
    private readonly Dictionary<byte, HeaderExtensionKind> _extensions = [];
    private readonly HashSet<Ssrc> _sources = [];

    /// <summary>
    /// Adds an accepted section; null when it agrees with those before. Only what was agreed on counts: some stacks
    /// (aiortc) reuse an extension id in another section for an extension that nobody takes.
    /// </summary>
    /// <param name="media">The other side's section.</param>
    /// <param name="agreed">What came of it.</param>
    public NegotiationError? Add(MediaDescription media, NegotiatedMedia agreed)
    {
        foreach (RtpCodec codec in agreed.Codecs)
        {
            if (!Agrees(codec))
                return Conflict(NegotiationErrorCode.ConflictingPayloadType, media, $"Payload type {codec.PayloadType} or its RTX");
        }
        foreach ((HeaderExtensionKind kind, byte id) in agreed.Extensions.Entries)
        {
            if (!_extensions.TryAdd(id, kind) && _extensions[id] != kind)
                return Conflict(NegotiationErrorCode.ConflictingExtension, media, $"Header extension id {id}");
        }
        foreach (Ssrc ssrc in SourceReader.Declared(media))
        {
            if (!_sources.Add(ssrc))
                return Conflict(NegotiationErrorCode.ConflictingSource, media, $"SSRC {ssrc}");
        }
        return null;
    }

    private bool Agrees(RtpCodec codec)
    {
        PayloadType payloadType = codec.PayloadType;
        if (_retransmissions.ContainsKey(payloadType)
            || (!_codecs.TryAdd(payloadType, codec) && !CodecMatch.IsCompatible(_codecs[payloadType], codec)))
            return false;
        if (codec.RetransmissionPayloadType is not { } retransmission)
            return true;
        return !_codecs.ContainsKey(retransmission)
            && (_retransmissions.TryAdd(retransmission, codec) || _retransmissions[retransmission].PayloadType == payloadType);
    }

    private static NegotiationError Conflict(NegotiationErrorCode code, MediaDescription media, string what) =>
        new(code, media.Mid, $"{what} has another meaning in an earlier section of the bundle.");
}
