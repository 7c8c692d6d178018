using System.Diagnostics.CodeAnalysis;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Ice;

/// <summary>One side's user-name fragment and password (RFC 8445 section 5.3). The text form leaves the password out.</summary>
public sealed record IceCredentials(string UsernameFragment, string Password)
{
    internal const int MinUsernameFragmentLength = 4;
    internal const int MinPasswordLength = 22;
    internal const int MaxLength = 256;

    // 64 ice-chars: six random bits each, without bias.
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const int CreatedUsernameFragmentLength = 12;
    private const int CreatedPasswordLength = 24;

    /// <summary>New credentials: 72 random bits in the fragment, unique among the peers of a worker, and 144 in the password.</summary>
    public static IceCredentials Create(IEntropy entropy)
    {
        ArgumentNullException.ThrowIfNull(entropy);
        Span<byte> random = stackalloc byte[CreatedUsernameFragmentLength + CreatedPasswordLength];
        entropy.Fill(random);
        Span<char> text = stackalloc char[random.Length];
        for (int i = 0; i < text.Length; i++)
            text[i] = IceChars[random[i] & 63];
        return new IceCredentials(new string(text[..CreatedUsernameFragmentLength]), new string(text[CreatedUsernameFragmentLength..]));
    }

    /// <summary>
    /// Takes <c>a=ice-ufrag</c> and <c>a=ice-pwd</c> of a remote (RFC 8839 section 5.4): 4 to 256 and 22 to 256 ice-chars.
    /// Like libwebrtc, '-', '=', '#' and '_' pass too, which older endpoints use.
    /// </summary>
    public static bool TryCreate(string? usernameFragment, string? password, [NotNullWhen(true)] out IceCredentials? credentials)
    {
        credentials = IsText(usernameFragment, MinUsernameFragmentLength) && IsText(password, MinPasswordLength)
            ? new IceCredentials(usernameFragment, password)
            : null;
        return credentials is not null;
    }

    public override string ToString() => $"{UsernameFragment}:***";

    internal static bool IsIceChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '-' or '=' or '#' or '_';

    private static bool IsText([NotNullWhen(true)] string? text, int minLength)
    {
        if (text is null || text.Length < minLength || text.Length > MaxLength)
            return false;
        foreach (char c in text)
        {
            if (!IsIceChar(c))
                return false;
        }
        return true;
    }
}
