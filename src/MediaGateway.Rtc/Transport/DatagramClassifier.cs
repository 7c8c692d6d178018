using MediaGateway.Rtc.Rtcp;

namespace MediaGateway.Rtc.Transport;

public static class DatagramClassifier
{
    public static DatagramKind Classify(ReadOnlySpan<byte> datagram) => datagram.IsEmpty
        ? DatagramKind.Unknown
        : datagram[0] switch
        {
            <= 3 => DatagramKind.Stun,
            >= 20 and <= 63 => DatagramKind.Dtls,
            >= 128 and <= 191 => RtcpClassifier.IsRtcp(datagram) ? DatagramKind.Rtcp : DatagramKind.Rtp,
            _ => DatagramKind.Unknown,
        };
}
