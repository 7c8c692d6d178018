namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// One line of a description, <c>type=value</c> (RFC 8866 section 5), without its end: a piece of the description's text.
/// </summary>
public readonly struct SdpLine : IEquatable<SdpLine>
{
    private const int ValueStart = 2;

    private readonly string _text;
    private readonly int _start;
    private readonly int _length;

    /// <param name="line">The whole line; a letter and <c>=</c> are there.</param>
    public SdpLine(string line)
        : this(line, 0, line?.Length ?? 0)
    {
    }

    internal SdpLine(string text, int start, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, ValueStart);
        _text = text;
        _start = start;
        _length = length;
    }

    public char Type => _text[_start];

    public ReadOnlySpan<char> Value => Whole[ValueStart..];

    /// <summary>Text before the first colon of an <c>a=</c> line.</summary>
    public ReadOnlySpan<char> AttributeName
    {
        get
        {
            int colon = Value.IndexOf(':');
            return colon < 0 ? Value : Value[..colon];
        }
    }

    /// <summary>Text after the first colon of an <c>a=</c> line; empty for a property attribute.</summary>
    public ReadOnlySpan<char> AttributeValue
    {
        get
        {
            int colon = Value.IndexOf(':');
            return colon < 0 ? "" : Value[(colon + 1)..];
        }
    }

    /// <summary>True for the default value, which is no line.</summary>
    internal bool IsNone => _text is null;

    internal ReadOnlySpan<char> Whole => _text.AsSpan(_start, _length);

    public static bool operator ==(SdpLine left, SdpLine right) => left.Equals(right);

    public static bool operator !=(SdpLine left, SdpLine right) => !left.Equals(right);

    /// <summary>True for <c>a=name</c> and <c>a=name:…</c>.</summary>
    public bool IsAttribute(ReadOnlySpan<char> name)
    {
        ReadOnlySpan<char> value = Value;
        return Type == 'a' && value.StartsWith(name) && (value.Length == name.Length || value[name.Length] == ':');
    }

    public bool Equals(SdpLine other) => Whole.SequenceEqual(other.Whole);

    public override bool Equals(object? obj) => obj is SdpLine other && Equals(other);

    public override int GetHashCode() => string.GetHashCode(Whole);

    public override string ToString() => Whole.ToString();
}
