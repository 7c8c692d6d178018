using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// Reads the codecs the gateway can forward out of one section, in the order of its format list, with RTX folded into
/// the codec it repairs. Everything else (comfort noise, DTMF, FEC, H264 in single NAL unit mode) is passed over.
/// </summary>
internal sealed class CodecReader
{
    private const int VideoClockRate = 90_000;

    private readonly MediaKind _kind;
    private readonly MediaDescription _media;
    private readonly Dictionary<PayloadType, Format> _formats;
    private RtcpFeedbackKinds _feedbackForAll;

    private CodecReader(MediaDescription media, MediaKind kind)
    {
        _media = media;
        _kind = kind;
        _formats = new Dictionary<PayloadType, Format>(media.FormatList.Count(' ') + 1);
    }

    public static ImmutableArray<RtpCodec> Read(MediaDescription media, MediaKind kind)
    {
        var reader = new CodecReader(media, kind);
        reader.Index();
        return reader.Read();
    }

    private void Index()
    {
        foreach (RtpMap map in _media.RtpMaps)
        {
            ref Format format = ref FormatOf(map.PayloadType);
            format.IsAmbiguous |= (format.Map ??= map) != map;
        }
        foreach (FormatParameters parameters in _media.FormatParameters)
        {
            ref Format format = ref FormatOf(parameters.PayloadType);
            // One line for each format is the rule (RFC 8866 section 6.15), but browsers take several as one list.
            format.Parameters = format.Parameters is { } before
                ? CodecParameters.Join(before, parameters.Parameters)
                : parameters.Parameters;
        }
        IndexFeedback();
    }

    private void IndexFeedback()
    {
        foreach (SdpLine line in _media.Lines)
        {
            if (!line.IsAttribute("rtcp-fb")
                || !RtcpFeedback.TryCut(line.AttributeValue, out PayloadType? payloadType, out ReadOnlySpan<char> value))
                continue;
            RtcpFeedbackKinds kind = RtcpFeedbackNames.Parse(value);
            if (payloadType is { } one)
                FormatOf(one).Feedback |= kind;
            else
                _feedbackForAll |= kind;
        }
    }

    private ImmutableArray<RtpCodec> Read()
    {
        ReadOnlySpan<char> formats = _media.FormatList;
        foreach (Range word in formats.Split(' '))
        {
            if (TryGetMap(formats[word], out RtpMap? map)
                && map.IsEncoding("rtx") && map.ClockRate == VideoClockRate
                    && TryGetAssociated(map.PayloadType, out PayloadType associated))
                FormatOf(associated).Retransmission ??= map.PayloadType;
        }
        var codecs = ImmutableArray.CreateBuilder<RtpCodec>();
        foreach (Range word in formats.Split(' '))
        {
            if (TryGetMap(formats[word], out RtpMap? map) && KindOf(map) is { } kind)
                codecs.Add(Codec(kind, map));
        }
        return codecs.DrainToImmutable();
    }

    private bool TryGetMap(ReadOnlySpan<char> format, [NotNullWhen(true)] out RtpMap? map)
    {
        map = null;
        if (SdpTokens.TryParsePayloadType(format, out PayloadType payloadType)
            && _formats.TryGetValue(payloadType, out Format found)
            && !found.IsAmbiguous)
            map = found.Map;
        return map is not null;
    }

    private RtpCodec Codec(CodecKind kind, RtpMap map)
    {
        PayloadType payloadType = map.PayloadType;
        Format format = _formats[payloadType];
        PayloadType? retransmission = _kind == MediaKind.Video ? format.Retransmission : null;
        // Video has no channels, whatever a third field says (RFC 8866 section 6.6).
        int channels = _kind == MediaKind.Video ? 1 : map.Channels;
        return new RtpCodec(kind, payloadType, map.ClockRate, channels, format.Parameters
            ?? "", retransmission, _feedbackForAll | format.Feedback);
    }

    private CodecKind? KindOf(RtpMap map) =>
        CodecFaults.TryGetKind(map, out CodecKind codec)
        && CodecFaults.Find(codec, map, ParametersOf(map.PayloadType), _kind) is null
        && (codec != CodecKind.Red || IsRedundantOpus(map.PayloadType))
            ? codec
            : null;

    /// <summary>RFC 2198 section 5: the fmtp lists the payload type of each block; all have to be Opus.</summary>
    private bool IsRedundantOpus(PayloadType payloadType)
    {
        ReadOnlySpan<char> blocks = ParametersOf(payloadType);
        foreach (Range block in blocks.Split('/'))
        {
            if (!TryGetMap(blocks[block], out RtpMap? map) || !_media.HasFormat(blocks[block]) || !map.IsEncoding("opus"))
                return false;
        }
        return true;
    }

    private bool TryGetAssociated(PayloadType retransmission, out PayloadType associated)
    {
        associated = default;
        return CodecParameters.TryGet(ParametersOf(retransmission), "apt", out ReadOnlySpan<char> apt)
            && SdpTokens.TryParsePayloadType(apt, out associated);
    }

    private string ParametersOf(PayloadType payloadType) => _formats.GetValueOrDefault(payloadType).Parameters ?? "";

    /// <summary>Good until the next call.</summary>
    private ref Format FormatOf(PayloadType payloadType) => ref CollectionsMarshal.GetValueRefOrAddDefault(_formats, payloadType, out _);

    /// <summary>Everything that the section's attributes state about one payload type.</summary>
    private struct Format
    {
        public RtpMap? Map;

        /// <summary>True when two different codecs claim the payload type: it is passed over, and the others stand.</summary>
        public bool IsAmbiguous;
        public string? Parameters;
        public RtcpFeedbackKinds Feedback;

        /// <summary>Payload type of the RTX format that repairs this one; null without RTX.</summary>
        public PayloadType? Retransmission;
    }
}
