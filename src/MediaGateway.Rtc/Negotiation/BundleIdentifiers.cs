using System.Collections.Immutable;
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
    /// Leaves out of a section's codecs those whose payload type is another codec's in an earlier section, and retransmission under
    /// such a number: what is ambiguous costs that format. Null unless none is left.
    /// </summary>
    /// <param name="media">The other side's section.</param>
    /// <param name="codecs">What it offers, then what remains of it.</param>
    public NegotiationError? LeaveOutClashes(MediaDescription media, ref ImmutableArray<RtpCodec> codecs)
    {
        if (codecs.All(codec => IsFree(codec) && IsRetransmissionFree(codec)))
            return null;
        ImmutableArray<RtpCodec> remaining =
        [
            .. codecs.Where(IsFree).Select(codec => IsRetransmissionFree(codec) ? codec : codec with { RetransmissionPayloadType = null }),
        ];
        if (remaining.IsEmpty)
            return Conflict(NegotiationErrorCode.ConflictingPayloadType, media, $"a=rtpmap:{codecs[0].PayloadType}");
        codecs = remaining;
        return null;
    }

    /// <summary>Tells whether an id is no other extension's in an earlier section.</summary>
    public bool IsFree(byte id, HeaderExtensionKind kind) => !_extensions.TryGetValue(id, out HeaderExtensionKind other) || other == kind;

    /// <summary>Takes ids that our description lists, whether or not packets of the section carry them now.</summary>
    public void Take(ImmutableArray<ExtensionMapping> listed)
    {
        foreach (ExtensionMapping mapping in listed)
        {
            if (HeaderExtensionUris.TryGetKind(mapping.Uri, out HeaderExtensionKind kind))
                _extensions.TryAdd((byte)mapping.Id, kind);
        }
    }

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
            if (!IsFree(codec) || !IsRetransmissionFree(codec))
                return Conflict(NegotiationErrorCode.ConflictingPayloadType, media, $"a=rtpmap:{codec.PayloadType} or that of its rtx");
            _codecs.TryAdd(codec.PayloadType, codec);
            if (codec.RetransmissionPayloadType is { } retransmission)
                _retransmissions.TryAdd(retransmission, codec);
        }
        foreach ((HeaderExtensionKind kind, byte id) in agreed.Extensions.Entries)
        {
            if (!_extensions.TryAdd(id, kind) && _extensions[id] != kind)
                return Conflict(NegotiationErrorCode.ConflictingExtension, media, $"a=extmap:{id}");
        }
        foreach (Ssrc ssrc in SourceReader.Declared(media))
        {
            if (!_sources.Add(ssrc))
                return Conflict(NegotiationErrorCode.ConflictingSource, media, $"a=ssrc:{ssrc}");
        }
        return null;
    }

    private bool IsFree(RtpCodec codec) => !_retransmissions.ContainsKey(codec.PayloadType)
        && (!_codecs.TryGetValue(codec.PayloadType, out RtpCodec? other) || CodecMatch.IsCompatible(other, codec));

    private bool IsRetransmissionFree(RtpCodec codec) => codec.RetransmissionPayloadType is not { } retransmission
        || (!_codecs.ContainsKey(retransmission)
            && (!_retransmissions.TryGetValue(retransmission, out RtpCodec? other) || other.PayloadType == codec.PayloadType));

    private static NegotiationError Conflict(NegotiationErrorCode code, MediaDescription media, string what) =>
        new(code, media.Mid, $"{what} has another meaning in an earlier section of the bundle; choose another number.");
}
