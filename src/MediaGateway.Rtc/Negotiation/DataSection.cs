using System.Globalization;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// Data channel sections (RFC 8841), also in the form of the drafts, which older stacks write:
/// <c>m=application 9 DTLS/SCTP 5000</c> with <c>a=sctpmap:5000 webrtc-datachannel 1024</c>.
/// </summary>
internal static class DataSection
{
    public const string Kind = "application";
    public const string Protocol = "UDP/DTLS/SCTP";
    public const string Format = "webrtc-datachannel";

    private const string DraftAttribute = "sctpmap";
    private const string DraftStreams = "1024";

    /// <summary>Longest message when the attribute is absent, bytes (RFC 8841 section 6.1).</summary>
    private const int DefaultMaxMessageSize = 64 * 1024;

    /// <summary>Reads a section for data channels; null when it is none, or one whose association is closed (port 0).</summary>
    public static NegotiatedData? TryRead(MediaDescription media)
    {
        if (media.Kind != Kind
            || media.Protocol is not "UDP/DTLS/SCTP" and not "TCP/DTLS/SCTP" and not "DTLS/SCTP")
            return null;
        int port = media.SctpPort ?? DraftPort(media) ?? NegotiationDefaults.SctpPort;
        bool isForDataChannels = media.HasFormat(Format) || DraftPort(media) is not null;
        return isForDataChannels && port != 0 ? new NegotiatedData(SharedTransport.NameOf(media), port, MaxMessageSize(media)) : null;
    }

    /// <summary>The <c>m=</c> line's formats of our answer to a section.</summary>
    public static string AnsweredFormat(MediaDescription offered) =>
        offered.HasFormat(Format) ? Format : NegotiationDefaults.SctpPort.ToString(CultureInfo.InvariantCulture);

    /// <param name="writer">Where to.</param>
    /// <param name="format">As in the <c>m=</c> line.</param>
    public static SdpWriter DataChannels(this SdpWriter writer, string format)
    {
        string port = NegotiationDefaults.SctpPort.ToString(CultureInfo.InvariantCulture);
        if (format == Format)
            writer.Attribute("sctp-port", port);
        else
            writer.Attribute(DraftAttribute, $"{port} {Format} {DraftStreams}");
        return writer.Attribute("max-message-size", NegotiationDefaults.MaxMessageSize.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Reads the longest message that the remote accepts; 0 stands for any length (RFC 8841 section 6.1).</summary>
    private static int MaxMessageSize(MediaDescription media) => media.MaxMessageSize switch
    {
        null => DefaultMaxMessageSize,
        0 or > int.MaxValue => int.MaxValue,
        { } size => (int)size,
    };

    private static int? DraftPort(MediaDescription media)
    {
        foreach (string value in media.AttributeValues(DraftAttribute))
        {
            string[] words = value.Split(' ');
            if (words is [_, Format, ..] && media.HasFormat(words[0]) && SdpTokens.TryParseNumber(words[0], ushort.MaxValue, out uint port))
                return (int)port;
        }
        return null;
    }
}
