namespace MediaGateway.Rtc.Sdp;

/// <summary><c>a=msid</c> (RFC 8830 section 2).</summary>
/// <param name="Stream">MediaStream id; <c>-</c> means none.</param>
/// <param name="Track">MediaStreamTrack id; empty when not given.</param>
public sealed record MediaStreamId(string Stream, string Track)
{
    public static bool TryParse(ReadOnlySpan<char> value, out MediaStreamId? id)
    {
        id = TryCut(value, out ReadOnlySpan<char> stream, out ReadOnlySpan<char> track)
            ? new MediaStreamId(stream.ToString(), track.ToString()) : null;
        return id is not null;
    }

    internal static bool TryCut(ReadOnlySpan<char> value, out ReadOnlySpan<char> stream, out ReadOnlySpan<char> track)
    {
        SdpTokens.TryCut(value, ' ', out stream, out track);
        return SdpTokens.IsToken(stream) && (track.IsEmpty || SdpTokens.IsToken(track));
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString() => Track.Length == 0 ? Stream : $"{Stream} {Track}";
}
