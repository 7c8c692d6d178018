using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Sessions;

/// <summary>
/// A media section we receive (the W3C's RTCRtpReceiver): its payload types and its encodings, one
/// <see cref="RtpReceiveStream"/> each. Lives on over later negotiations that leave these as they are.
/// </summary>
public sealed class RtpReceiver
{
    private readonly RtpCodec?[] _codecs = new RtpCodec?[128];
    private readonly RtpCodec?[] _retransmitted = new RtpCodec?[128];
    private readonly RtpReceiveStream[] _encodings;

    /// <param name="mid">Names it among the receivers of its session.</param>
    /// <param name="format">What was agreed on.</param>
    /// <param name="encodings">The RIDs of its simulcast encodings in the sender's order; empty without simulcast.</param>
    public RtpReceiver(Mid mid, MediaFormat format, ImmutableArray<Rid> encodings)
    {
        ArgumentNullException.ThrowIfNull(format);
        Mid = mid;
        Kind = format.Kind;
        Extensions = format.Extensions;
        SetCodecs(format.Codecs);
        _encodings = [.. RidsOf(encodings).Select((rid, index) => new RtpReceiveStream(index, rid, Codecs[0]))];
    }

    public Mid Mid { get; }

    public MediaKind Kind { get; }

    /// <summary>A later negotiation may change their order and what their parameters say beside the bitstream.</summary>
    public ImmutableArray<RtpCodec> Codecs { get; private set; }

    public HeaderExtensionMap Extensions { get; }

    /// <summary>
    /// The object that handles the section's packets, for whoever is handed them: found without a search. Not used here. It has no type,
    /// since a type parameter would go through the whole session, and to ask for a sealed class is one comparison.
    /// </summary>
    public object? Owner { get; set; }

    /// <summary>The encodings in SDP order; a single one without simulcast.</summary>
    public IReadOnlyList<RtpReceiveStream> Encodings => _encodings;

    /// <summary>The codec of a media payload type; null when not negotiated.</summary>
    public RtpCodec? CodecOf(PayloadType payloadType) => _codecs[payloadType.Value & 0x7F];

    /// <summary>The codec that an RTX payload type repeats (RFC 4588 <c>apt</c>); null when it is not one.</summary>
    public RtpCodec? RetransmittedCodecOf(PayloadType payloadType) => _retransmitted[payloadType.Value & 0x7F];

    /// <summary>
    /// Takes over a later negotiation of the section when it is still the same one: codecs under the same numbers, encodings
    /// and header extensions. False, and nothing changes, when it is another.
    /// </summary>
    internal bool TryUpdate(MediaFormat format, ImmutableArray<Rid> encodings)
    {
        bool isSame = format.Kind == Kind
            && format.Codecs.Length == Codecs.Length
            && format.Codecs.All(codec => CodecOf(codec.PayloadType) is { } known && IsSame(known, codec))
            && _encodings.Select(encoding => encoding.Rid).SequenceEqual(RidsOf(encodings))
            && format.Extensions.Entries.ToHashSet().SetEquals(Extensions.Entries);
        if (isSame)
            SetCodecs(format.Codecs);
        return isSame;
    }

    /// <summary>The encoding with this RID, compared on the wire's bytes; null when there is none.</summary>
    internal RtpReceiveStream? FindEncoding(ReadOnlySpan<byte> rid)
    {
        foreach (RtpReceiveStream encoding in _encodings)
        {
            if (encoding.Rid is { } candidate && System.Text.Ascii.Equals(rid, candidate.Value))
                return encoding;
        }
        return null;
    }

    /// <summary>The sender began anew under another SSRC: forget what the old one's numbers said.</summary>
    internal RtpReceiveStream Restart(RtpReceiveStream stream)
    {
        var fresh = new RtpReceiveStream(stream.Index, stream.Rid, Codecs[0]);
        _encodings[stream.Index] = fresh;
        return fresh;
    }

    private void SetCodecs(ImmutableArray<RtpCodec> codecs)
    {
        Codecs = codecs;
        foreach (RtpCodec codec in codecs)
        {
            _codecs[codec.PayloadType.Value] = codec;
            if (codec.RetransmissionPayloadType is { } retransmission)
                _retransmitted[retransmission.Value] = codec;
        }
    }

    private static bool IsSame(RtpCodec a, RtpCodec b) =>
        CodecMatch.IsCompatible(a, b) && a.RetransmissionPayloadType == b.RetransmissionPayloadType && a.Feedback == b.Feedback;

    /// <summary>One without a RID where there is no simulcast.</summary>
    private static IEnumerable<Rid?> RidsOf(ImmutableArray<Rid> encodings) =>
        encodings.IsEmpty ? [null] : encodings.Select(rid => (Rid?)rid);
}
