using System.Collections.Immutable;
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
    private const int OpusClockRate = 48_000;
    private const int VideoClockRate = 90_000;

    private readonly MediaKind _kind;
    private readonly MediaDescription _media;
    private readonly Dictionary<PayloadType, RtpMap> _maps = [];
    private readonly Dictionary<PayloadType, string> _parameters = [];
    private readonly Dictionary<PayloadType, RtcpFeedbackKinds> _feedback = [];
    private readonly Dictionary<PayloadType, PayloadType> _retransmissions = [];
    private RtcpFeedbackKinds _feedbackForAll;

    private CodecReader(MediaDescription media, MediaKind kind)
    {
        _media = media;
        _kind = kind;
    }

    public static bool TryRead(MediaDescription media, MediaKind kind, out ImmutableArray<RtpCodec> codecs, out NegotiationError? error)
    {
        var reader = new CodecReader(media, kind);
        error = reader.Index();
        codecs = error is null ? reader.Read() : [];
        return error is null;
    }

    private NegotiationError? Index()
    {
        foreach (RtpMap map in _media.RtpMaps)
        {
            if (!_maps.TryAdd(map.PayloadType, map) && _maps[map.PayloadType] != map)
                return Conflict(map.PayloadType);
        }
        foreach (FormatParameters format in _media.FormatParameters)
        {
            if (!_parameters.TryAdd(format.PayloadType, format.Parameters) && _parameters[format.PayloadType] != format.Parameters)
                return Conflict(format.PayloadType);
        }
        IndexFeedback();
        return null;
    }

    private NegotiationError Conflict(PayloadType payloadType) =>
        new(NegotiationErrorCode.ConflictingPayloadType, _media.Mid, $"Payload type {payloadType} is described twice in one section.");

    private void IndexFeedback()
    {
        foreach (RtcpFeedback feedback in _media.RtcpFeedback)
        {
            RtcpFeedbackKinds kind = RtcpFeedbackNames.Parse(feedback.Value);
            if (feedback.PayloadType is { } payloadType)
                _feedback[payloadType] = _feedback.GetValueOrDefault(payloadType) | kind;
            else
                _feedbackForAll |= kind;
        }
    }

    private ImmutableArray<RtpCodec> Read()
    {
        IEnumerable<RtpMap> listed = ListedMaps();
        foreach (RtpMap map in listed)
        {
            if (map.IsEncoding("rtx") && map.ClockRate == VideoClockRate && TryGetAssociated(map.PayloadType, out PayloadType associated))
                _retransmissions.TryAdd(associated, map.PayloadType);
        }
        var codecs = ImmutableArray.CreateBuilder<RtpCodec>();
        foreach (RtpMap map in listed)
        {
            if (KindOf(map) is { } kind)
                codecs.Add(Codec(kind, map));
        }
        return codecs.ToImmutable();
    }

    private List<RtpMap> ListedMaps()
    {
        List<RtpMap> maps = [];
        foreach (string format in _media.Formats)
        {
            if (SdpTokens.TryParsePayloadType(format, out PayloadType payloadType) && _maps.TryGetValue(payloadType, out RtpMap? map))
                maps.Add(map);
        }
        return maps;
    }

    private RtpCodec Codec(CodecKind kind, RtpMap map)
    {
        PayloadType payloadType = map.PayloadType;
        PayloadType? retransmission = _kind == MediaKind.Video && _retransmissions.TryGetValue(payloadType, out PayloadType rtx) ? rtx : null;
        RtcpFeedbackKinds feedback = _feedbackForAll | _feedback.GetValueOrDefault(payloadType);
        return new RtpCodec(kind, payloadType, map.ClockRate, map.Channels, ParametersOf(payloadType), retransmission, feedback);
    }

    private CodecKind? KindOf(RtpMap map) => (_kind, map.EncodingName.ToUpperInvariant(), map.ClockRate) switch
    {
        // RFC 7587 section 7: always 48000/2, whatever the stream carries.
        (MediaKind.Audio, "OPUS", OpusClockRate) when map.Channels == 2 => CodecKind.Opus,
        (MediaKind.Audio, "RED", OpusClockRate) when map.Channels == 2 && IsRedundantOpus(map.PayloadType) => CodecKind.Red,
        (MediaKind.Video, "VP8", VideoClockRate) => CodecKind.Vp8,
        (MediaKind.Video, "VP9", VideoClockRate) => CodecKind.Vp9,
        (MediaKind.Video, "H264", VideoClockRate) when IsNonInterleaved(map.PayloadType) => CodecKind.H264,
        (MediaKind.Video, "H265", VideoClockRate) => CodecKind.H265,
        (MediaKind.Video, "AV1", VideoClockRate) => CodecKind.Av1,
        _ => null,
    };

    /// <summary>RFC 6184 section 8.1: absent means 0, single NAL unit mode, whose packets don't fit what we forward.</summary>
    private bool IsNonInterleaved(PayloadType payloadType) =>
        CodecParameters.TryGet(ParametersOf(payloadType), "packetization-mode", out ReadOnlySpan<char> mode) && mode is "1";

    /// <summary>RFC 2198 section 5: the fmtp lists the payload type of each block; all have to be Opus.</summary>
    private bool IsRedundantOpus(PayloadType payloadType)
    {
        foreach (string block in ParametersOf(payloadType).Split('/'))
        {
            if (!SdpTokens.TryParsePayloadType(block, out PayloadType inner)
                || !_maps.TryGetValue(inner, out RtpMap? map)
                || !_media.Formats.Contains(block)
                || !map.IsEncoding("opus"))
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

    private string ParametersOf(PayloadType payloadType) => _parameters.GetValueOrDefault(payloadType, "");
}
