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
        if (!IsValid(value))
            return false;
        SdpTokens.TryCut(value.TrimEnd(' '), ' ', out ReadOnlySpan<char> semantics, out ReadOnlySpan<char> rest);
        var mids = ImmutableArray.CreateBuilder<Mid>(rest.Count(' ') + 1);
        while (!rest.IsEmpty)
        {
            SdpTokens.TryCut(rest, ' ', out ReadOnlySpan<char> mid, out rest);
            mids.Add(new Mid(mid.ToString()));
        }
        group = new MediaGroup(semantics is Bundle ? Bundle : semantics.ToString(), mids.DrainToImmutable());
        return true;
    }

    internal static bool IsValid(ReadOnlySpan<char> value) => SdpTokens.AreTokens(value.TrimEnd(' '));

    /// <summary>The attribute's value.</summary>
    public override string ToString() => Mids.IsEmpty ? Semantics : $"{Semantics} {string.Join(' ', Mids)}";
}
