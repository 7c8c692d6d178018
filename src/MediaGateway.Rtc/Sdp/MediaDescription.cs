using System.Collections.Immutable;
using System.Text;
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

    private MediaDescription(SdpLine[] lines, MediaDescription section)
        : base(lines, 0, lines.Length)
    {
        Kind = section.Kind;
        Port = section.Port;
        Protocol = section.Protocol;
        Mid = section.Mid;
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

    /// <summary>False for a rejected section: port 0, unless it says that it lives in the bundle alone (RFC 9143 section 6).</summary>
    public bool IsInUse => Port != 0 || IsBundleOnly;

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

    /// <summary>
    /// The same section for who keeps it: it holds a text of its own instead of that of the whole description, and lines that another
    /// section has at the same place are that section's.
    /// </summary>
    /// <param name="like">A section that was detached before and is much the same; null for none.</param>
    internal MediaDescription Detach(MediaDescription? like)
    {
        ReadOnlySpan<SdpLine> lines = Lines, others = like is null ? default : like.Lines;
        var kept = new SdpLine[lines.Length];
        StringBuilder text = new();
        for (int i = 0; i < lines.Length; i++)
        {
            if (i < others.Length && others[i] == lines[i])
                kept[i] = others[i];
            else
                text.Append(lines[i].Whole);
        }
        string own = text.ToString();
        int start = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (!kept[i].IsNone)
                continue;
            int length = lines[i].Whole.Length;
            kept[i] = new SdpLine(own, start, length);
            start += length;
        }
        return new MediaDescription(kept, this);
    }

    /// <summary>Tells whether another section says the same under whatever name (<c>a=mid</c>).</summary>
    internal bool SaysSame(MediaDescription other)
    {
        ReadOnlySpan<SdpLine> lines = Lines, others = other.Lines;
        if (lines.Length != others.Length)
            return false;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] != others[i] && !(lines[i].IsAttribute("mid") && others[i].IsAttribute("mid")))
                return false;
        }
        return true;
    }

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
