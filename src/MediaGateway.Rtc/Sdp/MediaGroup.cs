using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary><c>a=group</c> (RFC 5888 section 5); <c>BUNDLE</c> puts sections on one transport (RFC 9143).</summary>
public sealed record MediaGroup(string Semantics, ImmutableArray<Mid> Mids)
{
    public const string Bundle = "BUNDLE";

    public static bool TryParse(ReadOnlySpan<char> value, out MediaGroup? group)
    {
        group = null;
        string[] words = value.TrimEnd(' ').ToString().Split(' ');
        if (words.Any(word => !SdpTokens.IsToken(word)))
            return false;
        group = new MediaGroup(words[0], [.. words.Skip(1).Select(word => new Mid(word))]);
        return true;
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString() => Mids.IsEmpty ? Semantics : $"{Semantics} {string.Join(' ', Mids)}";
}
