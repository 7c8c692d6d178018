using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary><c>a=rid</c> (RFC 8851 section 10).</summary>
/// <param name="Rid">The encoding's id.</param>
/// <param name="Direction"><see cref="MediaDirection.Send"/> or <see cref="MediaDirection.Receive"/>, seen from the writer.</param>
/// <param name="Restrictions"><c>pt=96,97;max-width=1280</c>, verbatim; empty without.</param>
public sealed record RidDescription(Rid Rid, MediaDirection Direction, string Restrictions)
{
    public static bool TryParse(ReadOnlySpan<char> value, out RidDescription? description)
    {
        description = null;
        if (!SdpTokens.TryCut(value, ' ', out ReadOnlySpan<char> id, out ReadOnlySpan<char> rest) || !SdpTokens.IsRid(id))
            return false;
        SdpTokens.TryCut(rest, ' ', out ReadOnlySpan<char> way, out ReadOnlySpan<char> restrictions);
        if (way is not "send" and not "recv")
            return false;
        MediaDirection direction = way is "send" ? MediaDirection.Send : MediaDirection.Receive;
        description = new RidDescription(new Rid(id.ToString()), direction, restrictions.Trim(' ').ToString());
        return true;
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString()
    {
        string way = Direction == MediaDirection.Send ? "send" : "recv";
        return Restrictions.Length == 0 ? $"{Rid} {way}" : $"{Rid} {way} {Restrictions}";
    }
}
