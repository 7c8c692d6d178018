using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// Writes a description of our own, line by line, with CRLF. The result goes through the parser, so what we send is
/// held to the rules that we hold others to. Ownership: the text is in a rented array until the description is taken, once.
/// </summary>
internal sealed class SdpWriter
{
    /// <summary>Enough for most answers to a browser, characters.</summary>
    private const int InitialLength = 4096;

    private char[] _text = ArrayPool<char>.Shared.Rent(InitialLength);
    private int _length;

    /// <summary>A writer that has written the lines every session begins with; <c>o=</c> carries id and version.</summary>
    public static SdpWriter ForSession(ulong sessionId, ulong sessionVersion) => new SdpWriter()
        .Line("v=0")
        .Line($"o=- {sessionId} {sessionVersion} IN IP4 127.0.0.1")
        .Line("s=-")
        .Line("t=0 0");

    public SdpWriter Line(ReadOnlySpan<char> line) => Append(line).End();

    [SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "Its parts have been written before this is called.")]
    public SdpWriter Line([InterpolatedStringHandlerArgument("")] SdpText line) => End();

    /// <summary>A section on the discard port of no address, as browsers write it: with ICE the candidates say where.</summary>
    public SdpWriter Media(string kind, string protocol, IEnumerable<string> formats)
    {
        Append("m=").Append(kind).Append(" 9 ").Append(protocol);
        foreach (string format in formats)
            Append(" ").Append(format);
        return End().NoConnection();
    }

    /// <summary>Port 0, and formats that are ignored (RFC 3264 section 6).</summary>
    public SdpWriter RejectedMedia(MediaDescription offered) =>
        Line($"m={offered.Kind} 0 {offered.Protocol} {offered.FormatList}").NoConnection();

    /// <summary>Port 0 in an offer of ours (RFC 9429 section 5.2.2); its one format says nothing.</summary>
    public SdpWriter StoppedMedia(string kind, string protocol) => Line($"m={kind} 0 {protocol} 0").NoConnection();

    public SdpWriter Attribute(string name) => Line($"a={name}");

    public SdpWriter Attribute(string name, string value) => Line($"a={name}:{value}");

    public SdpWriter Attributes(string name, ImmutableArray<string> values)
    {
        foreach (string value in values)
            Attribute(name, value);
        return this;
    }

    /// <exception cref="InvalidOperationException">A bug: what was written is not a description.</exception>
    public SessionDescription ToSessionDescription() =>
        SessionDescription.TryParse(TakeText(), SdpLimits.None, out SessionDescription? description, out SdpError? error)
            ? description!
            : throw new InvalidOperationException($"Wrote an invalid description: {error}");

    /// <exception cref="InvalidOperationException">A bug: what was written is not a fragment.</exception>
    public SdpFragment ToFragment() =>
        SdpFragment.TryParse(TakeText(), SdpLimits.None, out SdpFragment? fragment, out SdpError? error)
            ? fragment!
            : throw new InvalidOperationException($"Wrote an invalid fragment: {error}");

    internal SdpWriter Append(ReadOnlySpan<char> text)
    {
        while (!text.TryCopyTo(_text.AsSpan(_length)))
            Grow();
        _length += text.Length;
        return this;
    }

    internal void AppendNumber<T>(T number)
        where T : ISpanFormattable
    {
        int written;
        while (!number.TryFormat(_text.AsSpan(_length), out written, default, CultureInfo.InvariantCulture))
            Grow();
        _length += written;
    }

    private SdpWriter NoConnection() => Line("c=IN IP4 0.0.0.0");

    private SdpWriter End() => Append("\r\n");

    private void Grow()
    {
        char[] longer = ArrayPool<char>.Shared.Rent(_text.Length * 2);
        _text.AsSpan(0, _length).CopyTo(longer);
        ArrayPool<char>.Shared.Return(_text);
        _text = longer;
    }

    private string TakeText()
    {
        string text = new(_text, 0, _length);
        ArrayPool<char>.Shared.Return(_text);
        (_text, _length) = ([], 0);
        return text;
    }
}
