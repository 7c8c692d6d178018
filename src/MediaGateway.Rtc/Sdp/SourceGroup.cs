using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary><c>a=ssrc-group</c> (RFC 5576 section 4.2); <c>FID</c> pairs a source with its retransmissions (RFC 4588 section 8).</summary>
public sealed record SourceGroup(string Semantics, ImmutableArray<Ssrc> Sources)
{
    public static bool TryParse(ReadOnlySpan<char> value, out SourceGroup? group)
    {
        group = null;
        if (!TryCut(value, out ReadOnlySpan<char> semantics, out ReadOnlySpan<char> list))
            return false;
        var sources = ImmutableArray.CreateBuilder<Ssrc>();
        foreach (Range word in list.Split(' '))
        {
            if (SdpTokens.TryParseSsrc(list[word], out Ssrc ssrc))
                sources.Add(ssrc);
        }
        group = new SourceGroup(semantics.ToString(), sources.DrainToImmutable());
        return true;
    }

    /// <param name="value">The attribute's value.</param>
    /// <param name="semantics">Its first word.</param>
    /// <param name="sources">The numbers, with a space between two; there may be none.</param>
    internal static bool TryCut(ReadOnlySpan<char> value, out ReadOnlySpan<char> semantics, out ReadOnlySpan<char> sources)
    {
        bool hasSources = SdpTokens.TryCut(value.TrimEnd(' '), ' ', out semantics, out sources);
        foreach (Range word in sources.Split(' '))
        {
            if (hasSources && !SdpTokens.TryParseSsrc(sources[word], out _))
                return false;
        }
        return SdpTokens.IsToken(semantics);
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString() => $"{Semantics} {string.Join(' ', Sources)}";
}
