using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>Receiver report, RR (RFC 3550 section 6.4.2). Profile-specific extensions behind the blocks are ignored.</summary>
public readonly ref struct ReceiverReportView
{
    internal const int FixedLength = 4;

    private readonly ReadOnlySpan<byte> _body;

    private ReceiverReportView(ReadOnlySpan<byte> body) => _body = body;

    public Ssrc Sender => new(BinaryPrimitives.ReadUInt32BigEndian(_body));

    public ReportBlockList ReportBlocks => new(_body[FixedLength..]);

    public static bool TryParse(scoped in RtcpPacketView packet, out ReceiverReportView view)
    {
        int length = FixedLength + packet.Count * ReportBlock.Length;
        bool valid = packet.Type == RtcpPacketType.ReceiverReport && packet.Body.Length >= length;
        view = valid ? new ReceiverReportView(packet.Body[..length]) : default;
        return valid;
    }
}
