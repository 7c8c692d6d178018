using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// Numbers that mean one thing in a whole bundle, since its sections share one RTP session: payload types
/// (RFC 9143 section 9.1), header extension ids (RFC 8285 section 5) and SSRCs (RFC 3550 section 8).
/// </summary>
internal sealed class BundleIdentifiers
{
    /// <summary>RFC 8285 section 6: ids from here on ask the answerer to choose, and may repeat.</summary>
    private const int FirstUnassignedId = 4096;

    private readonly Dictionary<PayloadType, RtpCodec> _codecs = [];
    private readonly Dictionary<PayloadType, RtpCodec> _retransmissions = [];
    private readonly Dictionary<int, string> _extensions = [];
    private readonly HashSet<Ssrc> _sources = [];

    /// <summary>Adds an accepted section; null when it agrees with those before.</summary>
    public NegotiationError? Add(MediaDescription media, ImmutableArray<RtpCodec> codecs)
    {
        foreach (RtpCodec codec in codecs)
        {
            if (!Agrees(codec))
                return Conflict(NegotiationErrorCode.ConflictingPayloadType, media, $"Payload type {codec.PayloadType} or its RTX");
        }
        foreach (ExtensionMapping mapping in media.ExtensionMappings.Where(mapping => mapping.Id < FirstUnassignedId))
        {
            if (!_extensions.TryAdd(mapping.Id, mapping.Uri) && _extensions[mapping.Id] != mapping.Uri)
                return Conflict(NegotiationErrorCode.ConflictingExtension, media, $"Header extension id {mapping.Id}");
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
        if (_retransmissions.ContainsKey(payloadType) || (!_codecs.TryAdd(payloadType, codec) && !CodecMatch.IsCompatible(_codecs[payloadType], codec)))
            return false;
        if (codec.RetransmissionPayloadType is not { } retransmission)
            return true;
        return !_codecs.ContainsKey(retransmission)
            && (_retransmissions.TryAdd(retransmission, codec) || _retransmissions[retransmission].PayloadType == payloadType);
    }

    private static NegotiationError Conflict(NegotiationErrorCode code, MediaDescription media, string what) =>
        new(code, media.Mid, $"{what} has another meaning in an earlier section of the bundle.");
}
