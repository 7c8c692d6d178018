using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Server.Contracts;

/// <summary>
/// The last segment of a session's URL: 128 random bits, base64url, so that it cannot be guessed
/// (RFC 9725 section 5 asks for that). <see cref="ToString"/> shows only its start: it is half of a capability.
/// </summary>
internal readonly record struct SessionId
{
    private const int Bytes = 16;

    private const int Characters = 22;

    private const int ShownCharacters = 6;

    private SessionId(string value) => Value = value;

    /// <summary>The whole id, for the Location header only.</summary>
    public string Value { get; }

    public static SessionId Create(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        entropy.Fill(bytes);
        return new SessionId(Base64Url.EncodeToString(bytes));
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out SessionId id)
    {
        bool valid = text is { Length: Characters } && Base64Url.IsValid(text);
        id = valid ? new SessionId(text!) : default;
        return valid;
    }

    public override string ToString() => Value is null ? "" : string.Concat(Value.AsSpan(0, ShownCharacters), "…");
}
