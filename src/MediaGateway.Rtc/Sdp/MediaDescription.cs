using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary>One <c>m=</c> line and everything below it (RFC 8866 section 5.14).</summary>
public sealed class MediaDescription : SdpSection
{
    private MediaDescription(ImmutableArray<SdpLine> lines, MediaLine media)
        : base(lines)
    {
        Kind = media.Kind;
        Port = media.Port;
        Protocol = media.Protocol;
        Formats = media.Formats;
        Mid = FindAttribute("mid") is { } mid ? new Mid(mid) : null;
    }

    private MediaDescription(MediaDescription whole)
        : base([.. whole.Lines.Where(line => line.Type == 'm' || line.IsAttribute("mid"))])
    {
        Kind = whole.Kind;
        Port = whole.Port;
        Protocol = whole.Protocol;
        Formats = whole.Formats;
        Mid = whole.Mid;
    }

    /// <summary><c>audio</c>, <c>video</c>, <c>application</c> or anything else.</summary>
    public string Kind { get; }

    /// <summary>0 says the section is rejected, or that it lives only in a bundle (RFC 9143 section 6).</summary>
    public int Port { get; }

    /// <summary>For example <c>UDP/TLS/RTP/SAVPF</c>.</summary>
    public string Protocol { get; }

    /// <summary>The format list as written. For audio and video over RTP these are distinct payload types.</summary>
    public ImmutableArray<string> Formats { get; }

    /// <summary>The value of the <c>c=</c> line; null without one.</summary>
    public string? Connection => Lines.FirstOrDefault(line => line.Type == 'c').Value;

    public Mid? Mid { get; }

    public bool IsBundleOnly => HasAttribute("bundle-only");

    /// <summary>RTP and RTCP on one port (RFC 5761).</summary>
    public bool HasRtcpMux => HasAttribute("rtcp-mux");

    /// <summary>RTCP need not be compound (RFC 5506).</summary>
    public bool HasReducedSizeRtcp => HasAttribute("rtcp-rsize");

    public IEnumerable<RtpMap> RtpMaps => Parsed<RtpMap>("rtpmap", RtpMap.TryParse);

    public IEnumerable<FormatParameters> FormatParameters => Parsed<FormatParameters>("fmtp", Sdp.FormatParameters.TryParse);

    public IEnumerable<RtcpFeedback> RtcpFeedback => Parsed<RtcpFeedback>("rtcp-fb", Sdp.RtcpFeedback.TryParse);

    public IEnumerable<RidDescription> Rids => Parsed<RidDescription>("rid", RidDescription.TryParse);

    public SimulcastDescription? Simulcast => Parsed<SimulcastDescription>("simulcast", SimulcastDescription.TryParse).FirstOrDefault();

    public IEnumerable<SourceAttribute> Sources => Parsed<SourceAttribute>("ssrc", SourceAttribute.TryParse);

    public IEnumerable<SourceGroup> SourceGroups => Parsed<SourceGroup>("ssrc-group", SourceGroup.TryParse);

    public IEnumerable<MediaStreamId> StreamIds => Parsed<MediaStreamId>("msid", MediaStreamId.TryParse);

    /// <summary>SCTP port of a data channel section (RFC 8841 section 5); null without one.</summary>
    public int? SctpPort =>
        FindAttribute("sctp-port") is { } text && SdpTokens.TryParseNumber(text, ushort.MaxValue, out uint port) ? (int)port : null;

    /// <summary>Bytes of the longest data channel message taken (RFC 8841 section 6); 0 for any length, null when not said.</summary>
    public uint? MaxMessageSize =>
        FindAttribute("max-message-size") is { } text && SdpTokens.TryParseNumber(text, uint.MaxValue, out uint size) ? size : null;

    /// <summary>Its first line and its name, without the rest.</summary>
    internal MediaDescription Condensed() => new(this);

    /// <param name="lines">The section's lines; the first one is its <c>m=</c> line.</param>
    /// <param name="description">The section; null when the <c>m=</c> line can't be read.</param>
    internal static bool TryCreate(ImmutableArray<SdpLine> lines, out MediaDescription? description)
    {
        description = MediaLine.TryParse(lines[0].Value, out MediaLine? media) ? new MediaDescription(lines, media!) : null;
        return description is not null;
    }
}
