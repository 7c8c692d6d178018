using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary><c>a=ssrc-group</c> (RFC 5576 section 4.2); <c>FID</c> pairs a source with its retransmissions (RFC 4588 section 8).</summary>
public sealed record SourceGroup(string Semantics, ImmutableArray<Ssrc> Sources)
{
    public static bool TryParse(ReadOnlySpan<char> value, out SourceGroup? group)
    {
        group = null;
        string[] words = value.TrimEnd(' ').ToString().Split(' ');
        var sources = ImmutableArray.CreateBuilder<Ssrc>(words.Length - 1);
        foreach (string word in words.AsSpan(1))
        {
            if (!SdpTokens.TryParseSsrc(word, out Ssrc ssrc))
                return false;
            sources.Add(ssrc);
        }
        if (!SdpTokens.IsToken(words[0]))
            return false;
        group = new SourceGroup(words[0], sources.ToImmutable());
        return true;
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString() => $"{Semantics} {string.Join(' ', Sources)}";
}
