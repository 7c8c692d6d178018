namespace MediaGateway.Rtc.Rtcp;

/// <summary>BYE (RFC 3550 section 6.6). The reason for leaving is ignored.</summary>
public readonly ref struct ByeView
{
    private ByeView(ReadOnlySpan<byte> sources) => Sources = new SsrcList(sources);

    /// <summary>The sources that end; possibly none.</summary>
    public SsrcList Sources { get; }

    public static bool TryParse(scoped in RtcpPacketView packet, out ByeView view)
    {
        int length = packet.Count * sizeof(uint);
        bool valid = packet.Type == RtcpPacketType.Bye && packet.Body.Length >= length;
        view = valid ? new ByeView(packet.Body[..length]) : default;
        return valid;
    }
}
