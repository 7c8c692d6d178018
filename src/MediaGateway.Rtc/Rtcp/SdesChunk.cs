using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>Description of one source in an SDES packet: its CNAME, the only item that matters to the gateway.</summary>
public readonly ref struct SdesChunk(Ssrc ssrc, ReadOnlySpan<byte> cname)
{
    public Ssrc Ssrc { get; } = ssrc;

    /// <summary>Canonical name in UTF-8, borrowed from the packet; empty when the chunk has none.</summary>
    public ReadOnlySpan<byte> Cname { get; } = cname;
}
