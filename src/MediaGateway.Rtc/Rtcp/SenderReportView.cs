using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>Sender report, SR (RFC 3550 section 6.4.1). Profile-specific extensions behind the blocks are ignored.</summary>
public readonly ref struct SenderReportView
{
    internal const int FixedLength = 24;

    private readonly ReadOnlySpan<byte> _body;

    private SenderReportView(ReadOnlySpan<byte> body) => _body = body;

    public Ssrc Sender => new(BinaryPrimitives.ReadUInt32BigEndian(_body));

    public NtpTime NtpTime => new(BinaryPrimitives.ReadUInt64BigEndian(_body[4..]));

    public RtpTimestamp RtpTimestamp => new(BinaryPrimitives.ReadUInt32BigEndian(_body[12..]));

    public uint PacketCount => BinaryPrimitives.ReadUInt32BigEndian(_body[16..]);

    public uint OctetCount => BinaryPrimitives.ReadUInt32BigEndian(_body[20..]);

    public ReportBlockList ReportBlocks => new(_body[FixedLength..]);

    public static bool TryParse(scoped in RtcpPacketView packet, out SenderReportView view)
    {
        int length = FixedLength + packet.Count * ReportBlock.Length;
        bool valid = packet.Type == RtcpPacketType.SenderReport && packet.Body.Length >= length;
        view = valid ? new SenderReportView(packet.Body[..length]) : default;
        return valid;
    }
}
