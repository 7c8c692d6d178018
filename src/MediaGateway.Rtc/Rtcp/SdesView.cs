namespace MediaGateway.Rtc.Rtcp;

/// <summary>Source description, SDES (RFC 3550 section 6.5).</summary>
public readonly ref struct SdesView
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly int _count;

    private SdesView(ReadOnlySpan<byte> body, int count)
    {
        _body = body;
        _count = count;
    }

    public SdesChunkEnumerator Chunks => new(_body, _count);

    public static bool TryParse(scoped in RtcpPacketView packet, out SdesView view)
    {
        view = default;
        if (packet.Type != RtcpPacketType.SourceDescription)
            return false;
        SdesChunkEnumerator chunks = new(packet.Body, packet.Count);
        int whole = 0;
        while (chunks.MoveNext())
            whole++;
        if (whole < packet.Count)
            return false;
        view = new SdesView(packet.Body, packet.Count);
        return true;
    }
}
