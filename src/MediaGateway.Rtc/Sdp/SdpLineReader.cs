namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// Splits a description into <c>type=value</c> lines within the limits. Accepts CRLF and LF (RFC 8866 section 5) and
/// remembers which came first.
/// </summary>
internal ref struct SdpLineReader(ReadOnlySpan<char> text, SdpLimits limits)
{
    /// <summary>The type letters of RFC 8866 section 5; a description with another one is to be refused whole.</summary>
    private const string Types = "vosiuepcbtrzkam";

    private readonly SdpLimits _limits = limits;
    private readonly bool _isTooLong = text.Length > limits.MaxLength;
    private ReadOnlySpan<char> _rest = text;

    /// <summary>Sections say much the same: equal values are one string.</summary>
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _values = new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public int LineNumber { get; private set; }

    public SdpError? Error { get; private set; }

    public string LineEnd { get; private set; } = "\r\n";

    /// <summary>False at the end, or at an error.</summary>
    public bool TryRead(out SdpLine line)
    {
        line = default;
        if (_isTooLong)
            return FailWhole(SdpErrorCode.TooLong, $"The description is longer than {_limits.MaxLength} characters.");
        if (_rest.TrimStart("\r\n").IsEmpty)
            return false;
        LineNumber++;
        if (LineNumber > _limits.MaxLines)
            return Fail(SdpErrorCode.TooManyLines, $"There are more than {_limits.MaxLines} lines.");
        ReadOnlySpan<char> current = CutLine();
        if (current.Length > _limits.MaxLineLength)
            return Fail(SdpErrorCode.LineTooLong, $"The line is longer than {_limits.MaxLineLength} characters.");
        if (current.ContainsAny('\0', '\r'))
            return Fail(SdpErrorCode.InvalidCharacter, "The line has a NUL or a carriage return inside.");
        if (current.Length < 2 || current[1] != '=' || !Types.Contains(current[0], StringComparison.Ordinal))
            return Fail(SdpErrorCode.InvalidLine, "A line is one of the letters of RFC 8866, '=' and a value.");
        line = new SdpLine(current[0], ValueOf(current[2..]));
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

    private string ValueOf(ReadOnlySpan<char> text)
    {
        if (_values.TryGetValue(text, out string? known))
            return known;
        string value = text.ToString();
        _values.Set.Add(value);
        return value;
    }

    private ReadOnlySpan<char> CutLine()
    {
        int end = _rest.IndexOf('\n');
        ReadOnlySpan<char> line = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        bool hasCarriageReturn = line.EndsWith('\r');
        if (LineNumber == 1 && end >= 0 && !hasCarriageReturn)
            LineEnd = "\n";
        return hasCarriageReturn ? line[..^1] : line;
    }
}
