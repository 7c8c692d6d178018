namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// Splits a description into <c>type=value</c> lines within the limits. Accepts CRLF and LF (RFC 8866 section 5) and
/// remembers which came first. What writes a text as Windows does may put a byte order mark before it, and one more CR at each end of a
/// line; both are left out.
/// </summary>
internal struct SdpLineReader(string text, SdpLimits limits)
{
    /// <summary>The type letters of RFC 8866 section 5; a description with another one is to be refused whole.</summary>
    private const string Types = "vosiuepcbtrzkam";

    private readonly string _text = text;
    private readonly SdpLimits _limits = limits;
    private int _position;

    private const char ByteOrderMark = '\uFEFF';

    public int LineNumber { get; private set; }

    public SdpError? Error { get; private set; }

    public string LineEnd { get; private set; } = "\r\n";

    /// <summary>True while the lines read so far, each followed by <see cref="LineEnd"/>, make up the text itself.</summary>
    public bool IsUniform { get; private set; } = true;

    private readonly ReadOnlySpan<char> Rest => _text.AsSpan(_position);

    /// <summary>False at the end, or at an error.</summary>
    public bool TryRead(out SdpLine line)
    {
        line = default;
        if (_text.Length > _limits.MaxLength)
            return FailWhole(SdpErrorCode.TooLong, $"The description is longer than {_limits.MaxLength} characters.");
        if (Rest.TrimStart("\r\n").IsEmpty)
        {
            IsUniform &= _position == _text.Length;
            return false;
        }
        if (_position == 0 && Rest[0] == ByteOrderMark)
        {
            IsUniform = false;
            _position++;
        }
        LineNumber++;
        if (LineNumber > _limits.MaxLines)
            return Fail(SdpErrorCode.TooManyLines, $"There are more than {_limits.MaxLines} lines.");
        int start = _position;
        ReadOnlySpan<char> current = WithoutEndingSpaces(CutLine());
        if (current.Length > _limits.MaxLineLength)
            return Fail(SdpErrorCode.LineTooLong, $"The line is longer than {_limits.MaxLineLength} characters.");
        if (current.ContainsAny('\0', '\r'))
            return Fail(SdpErrorCode.InvalidCharacter, "The line has a NUL or a carriage return inside.");
        if (current.Length < 2 || current[1] != '=' || !Types.Contains(current[0], StringComparison.Ordinal))
            return Fail(SdpErrorCode.InvalidLine, "A line is one of the letters of RFC 8866, '=' and a value.");
        line = new SdpLine(_text, start, current.Length);
        return true;
    }

    public bool Fail(SdpErrorCode code, string message)
    {
        Error = new SdpError(code, LineNumber, message);
        return false;
    }

    /// <summary>An error of the description as a whole.</summary>
    public bool FailWhole(SdpErrorCode code, string message)
    {
        Error = new SdpError(code, 0, message);
        return false;
    }

    /// <summary>
    /// Leaves out spaces at the end of a media description or an attribute, which some senders write and none mean. Values of other lines
    /// may consist of one (RFC 8866 section 5.3).
    /// </summary>
    private ReadOnlySpan<char> WithoutEndingSpaces(ReadOnlySpan<char> line)
    {
        if (line.IsEmpty || line[0] is not 'm' and not 'a' || line[^1] != ' ')
            return line;
        IsUniform = false;
        return line.TrimEnd(' ');
    }

    private ReadOnlySpan<char> CutLine()
    {
        int end = Rest.IndexOf('\n');
        ReadOnlySpan<char> line = end < 0 ? Rest : Rest[..end];
        _position += end < 0 ? line.Length : end + 1;
        bool hasCarriageReturn = line.EndsWith('\r');
        if (line.EndsWith("\r\r"))
        {
            IsUniform = false;
            line = line.TrimEnd('\r');
        }
        else if (hasCarriageReturn)
        {
            line = line[..^1];
        }
        if (LineNumber == 1 && end >= 0 && !hasCarriageReturn)
            LineEnd = "\n";
        IsUniform &= end >= 0 && hasCarriageReturn == (LineEnd.Length == 2);
        return line;
    }
}
