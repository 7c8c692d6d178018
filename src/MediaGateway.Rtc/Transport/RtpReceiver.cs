using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Transport;

/// <summary>
/// A media section we receive (the W3C's RTCRtpReceiver): its payload types and its encodings, one
/// <see cref="ReceiveStream"/> each.
/// </summary>
public sealed class RtpReceiver
{
    private readonly RtpCodec?[] _codecs = new RtpCodec?[128];
    private readonly RtpCodec?[] _retransmitted = new RtpCodec?[128];
    private readonly ReceiveStream[] _encodings;

    internal RtpReceiver(NegotiatedMedia media)
    {
        Mid = media.Mid;
        Kind = media.Kind;
        Codecs = media.Codecs;
        Extensions = media.Extensions;
        foreach (RtpCodec codec in media.Codecs)
        {
            _codecs[codec.PayloadType.Value] = codec;
            if (codec.RetransmissionPayloadType is { } retransmission)
                _retransmitted[retransmission.Value] = codec;
        }
        _encodings = media.ReceiveEncodings.IsEmpty
            ? [new ReceiveStream(0, null, Codecs[0])]
            : [.. media.ReceiveEncodings.Select((rid, index) => new ReceiveStream(index, rid, Codecs[0]))];
    }

    public Mid Mid { get; }

    public MediaKind Kind { get; }

    public ImmutableArray<RtpCodec> Codecs { get; }

    public HeaderExtensionMap Extensions { get; }

    /// <summary>The encodings in SDP order; a single one without simulcast.</summary>
    public IReadOnlyList<ReceiveStream> Encodings => _encodings;

    /// <summary>The codec of a media payload type; null when not negotiated.</summary>
    public RtpCodec? CodecOf(PayloadType payloadType) => _codecs[payloadType.Value & 0x7F];

    /// <summary>The codec that an RTX payload type repeats (RFC 4588 <c>apt</c>); null when it is not one.</summary>
    public RtpCodec? RetransmittedCodecOf(PayloadType payloadType) => _retransmitted[payloadType.Value & 0x7F];

    /// <summary>The encoding with this RID, compared on the wire's bytes; null when there is none.</summary>
    internal ReceiveStream? FindEncoding(ReadOnlySpan<byte> rid)
    {
        foreach (ReceiveStream encoding in _encodings)
        {
            if (encoding.Rid is { } candidate && System.Text.Ascii.Equals(rid, candidate.Value))
                return encoding;
        }
        return null;
    }

    /// <summary>The sender began anew under another SSRC: forget what the old one's numbers said.</summary>
    internal ReceiveStream Restart(ReceiveStream stream)
    {
        var fresh = new ReceiveStream(stream.Index, stream.Rid, Codecs[0]);
        _encodings[stream.Index] = fresh;
        return fresh;
    }
}
