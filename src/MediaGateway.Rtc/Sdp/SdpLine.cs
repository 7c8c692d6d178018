namespace MediaGateway.Rtc.Sdp;

/// <summary>One line of a description, <c>type=value</c> (RFC 8866 section 5), without its end.</summary>
public readonly record struct SdpLine(char Type, string Value)
{
    /// <summary>True for <c>a=name</c> and <c>a=name:…</c>.</summary>
    public bool IsAttribute(ReadOnlySpan<char> name) =>
        Type == 'a' && Value.AsSpan().StartsWith(name) && (Value.Length == name.Length || Value[name.Length] == ':');

    /// <summary>What stands before the first colon of an <c>a=</c> line.</summary>
    public ReadOnlySpan<char> AttributeName
    {
        get
        {
            int colon = Value.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? Value : Value.AsSpan(0, colon);
        }
    }

    /// <summary>What stands after the first colon of an <c>a=</c> line; empty for a property attribute.</summary>
    public ReadOnlySpan<char> AttributeValue
    {
        get
        {
            int colon = Value.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? "" : Value.AsSpan(colon + 1);
        }
    }

    public override string ToString() => $"{Type}={Value}";
}
