using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary>One <c>m=</c> line and everything below it (RFC 8866 section 5.14).</summary>
public sealed class MediaDescription : SdpSection
{
    /// <summary>Transport protocol of audio and video sections (RFC 8829 section 5.1.2).</summary>
    private const string UsualProtocol = "UDP/TLS/RTP/SAVPF";

    private MediaDescription(SdpLine[] lines, int start, int count, MediaLine media)
        : base(lines, start, count)
    {
        Kind = media.Kind switch
        {
            "audio" => "audio",
            "video" => "video",
            _ => media.Kind.ToString(),
        };
        Port = media.Port;
        Protocol = media.Protocol is UsualProtocol ? UsualProtocol : media.Protocol.ToString();
        Mid = FindAttribute("mid") is { } mid ? new Mid(mid) : null;
    }

    /// <summary><c>audio</c>, <c>video</c>, <c>application</c> or anything else.</summary>
    public string Kind { get; }

    /// <summary>0 says the section is rejected, or that it lives only in a bundle (RFC 9143 section 6).</summary>
    public int Port { get; }

    /// <summary>Transport protocol of the section, for example <c>UDP/TLS/RTP/SAVPF</c>.</summary>
    public string Protocol { get; }

    /// <summary>The format list as written. For audio and video over RTP these are distinct payload types.</summary>
    public ImmutableArray<string> Formats => [.. FormatList.ToString().Split(' ')];

    /// <summary>The value of the <c>c=</c> line; null without one.</summary>
    public string? Connection
    {
        get
        {
            foreach (SdpLine line in Lines)
            {
                if (line.Type == 'c')
                    return line.Value.ToString();
            }
            return null;
        }
    }

    public Mid? Mid { get; }

    public bool IsBundleOnly => HasAttribute("bundle-only");

    /// <summary>RTP and RTCP on one port (RFC 5761).</summary>
    public bool HasRtcpMux => HasAttribute("rtcp-mux");

    /// <summary>RTCP need not be compound (RFC 5506).</summary>
    public bool HasReducedSizeRtcp => HasAttribute("rtcp-rsize");

    public SdpAttributes<RtpMap> RtpMaps => Parsed<RtpMap>("rtpmap", RtpMap.TryParse);

    public SdpAttributes<FormatParameters> FormatParameters => Parsed<FormatParameters>("fmtp", Sdp.FormatParameters.TryParse);

    public SdpAttributes<RtcpFeedback> RtcpFeedback => Parsed<RtcpFeedback>("rtcp-fb", Sdp.RtcpFeedback.TryParse);

    public SdpAttributes<RidDescription> Rids => Parsed<RidDescription>("rid", RidDescription.TryParse);

    public SimulcastDescription? Simulcast => Parsed<SimulcastDescription>("simulcast", SimulcastDescription.TryParse).FirstOrDefault();

    public SdpAttributes<SourceAttribute> Sources => Parsed<SourceAttribute>("ssrc", SourceAttribute.TryParse);

    public SdpAttributes<SourceGroup> SourceGroups => Parsed<SourceGroup>("ssrc-group", SourceGroup.TryParse);

    public SdpAttributes<MediaStreamId> StreamIds => Parsed<MediaStreamId>("msid", MediaStreamId.TryParse);

    /// <summary>SCTP port of a data channel section (RFC 8841 section 5); null without one.</summary>
    public int? SctpPort =>
        TryFind("sctp-port", out ReadOnlySpan<char> text)
        && SdpTokens.TryParseNumber(text, ushort.MaxValue, out uint port) ? (int)port : null;

    /// <summary>Bytes of the longest data channel message taken (RFC 8841 section 6); 0 for any length, null when not said.</summary>
    public uint? MaxMessageSize =>
        TryFind("max-message-size", out ReadOnlySpan<char> text)
        && SdpTokens.TryParseNumber(text, uint.MaxValue, out uint size) ? size : null;

    /// <summary>The format list as written: words with a space between two.</summary>
    internal ReadOnlySpan<char> FormatList => MediaLine.TryParse(Lines[0].Value, out MediaLine media) ? media.Formats : default;

    internal bool HasFormat(ReadOnlySpan<char> format)
    {
        ReadOnlySpan<char> formats = FormatList;
        foreach (Range word in formats.Split(' '))
        {
            if (formats[word].SequenceEqual(format))
                return true;
        }
        return false;
    }

    /// <param name="lines">The description's lines.</param>
    /// <param name="start">Where the section begins, with its <c>m=</c> line.</param>
    /// <param name="count">How many lines it has.</param>
    /// <param name="description">The section; null when the <c>m=</c> line can't be read.</param>
    internal static bool TryCreate(SdpLine[] lines, int start, int count, out MediaDescription? description)
    {
        description = MediaLine.TryParse(lines[start].Value, out MediaLine media) ? new MediaDescription(lines, start, count, media) : null;
        return description is not null;
    }
}
