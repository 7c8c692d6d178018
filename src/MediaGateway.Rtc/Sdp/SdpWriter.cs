using System.Globalization;
using System.Text;

namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// Writes a description of our own, line by line, with CRLF. The result goes through the parser, so what we send is
/// held to the rules that we hold others to.
/// </summary>
internal sealed class SdpWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>A writer that has written the lines every session begins with; <c>o=</c> carries id and version.</summary>
    public static SdpWriter ForSession(ulong sessionId, ulong sessionVersion) => new SdpWriter()
        .Line('v', "0")
        .Line('o', string.Create(CultureInfo.InvariantCulture, $"- {sessionId} {sessionVersion} IN IP4 127.0.0.1"))
        .Line('s', "-")
        .Line('t', "0 0");

    public SdpWriter Line(char type, string value)
    {
        _text.Append(type).Append('=').Append(value).Append("\r\n");
        return this;
    }

    /// <summary>A section on the discard port of no address, as browsers write it: with ICE the candidates say where.</summary>
    public SdpWriter Media(string kind, string protocol, IEnumerable<string> formats) => Media(kind, "9", protocol, formats);

    /// <summary>Port 0, and formats that are ignored (RFC 3264 section 6).</summary>
    public SdpWriter RejectedMedia(MediaDescription offered) => Media(offered.Kind, "0", offered.Protocol, offered.Formats);

    /// <summary>Port 0 in an offer of ours (RFC 9429 section 5.2.2); its one format says nothing.</summary>
    public SdpWriter StoppedMedia(string kind, string protocol) => Media(kind, "0", protocol, ["0"]);

    public SdpWriter Attribute(string name) => Line('a', name);

    public SdpWriter Attribute(string name, string value) => Line('a', $"{name}:{value}");

    public SdpWriter Attributes(string name, IEnumerable<string> values)
    {
        foreach (string value in values)
            Attribute(name, value);
        return this;
    }

    /// <exception cref="InvalidOperationException">A bug: what was written is not a description.</exception>
    public SessionDescription ToSessionDescription() =>
        SessionDescription.TryParse(ToString(), SdpLimits.None, out SessionDescription? description, out SdpError? error)
            ? description!
            : throw new InvalidOperationException($"Wrote an invalid description: {error}");

    /// <exception cref="InvalidOperationException">A bug: what was written is not a fragment.</exception>
    public SdpFragment ToFragment() =>
        SdpFragment.TryParse(ToString(), SdpLimits.None, out SdpFragment? fragment, out SdpError? error)
            ? fragment!
            : throw new InvalidOperationException($"Wrote an invalid fragment: {error}");

    public override string ToString() => _text.ToString();

    private SdpWriter Media(string kind, string port, string protocol, IEnumerable<string> formats) => this
        .Line('m', $"{kind} {port} {protocol} {string.Join(' ', formats)}")
        .Line('c', "IN IP4 0.0.0.0");
}
