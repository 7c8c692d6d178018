namespace MediaGateway.Server.Contracts;

/// <summary>The name of a live stream: 1 to 128 of the characters that a URL path carries unescaped (RFC 3986 section 2.3).</summary>
internal readonly record struct StreamName
{
    public const int MaxLength = 128;

    private StreamName(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse(string? text, out StreamName name)
    {
        bool valid = text is { Length: > 0 and <= MaxLength } && text.All(IsUnreserved);
        name = valid ? new StreamName(text!) : default;
        return valid;
    }

    public override string ToString() => Value;

    private static bool IsUnreserved(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or '~';
}
