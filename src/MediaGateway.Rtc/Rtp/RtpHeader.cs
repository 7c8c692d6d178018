using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtp;

/// <summary>
/// The RTP header (RFC 3550 section 5.1) as plain values and offsets: the one parser of it. It looks only at what
/// stands in clear in an SRTP packet, so it serves before and after decryption; padding is the payload's
/// business (<see cref="RtpPacketView"/>).
/// </summary>
public readonly struct RtpHeader
{
    /// <summary>Length of the fixed header, bytes.</summary>
    public const int FixedLength = 12;

    public bool Marker { get; private init; }

    public bool HasPadding { get; private init; }

    public PayloadType PayloadType { get; private init; }

    public SequenceNumber SequenceNumber { get; private init; }

    public RtpTimestamp Timestamp { get; private init; }

    public Ssrc Ssrc { get; private init; }

    /// <summary>Bytes from the start of the packet to its payload: fixed header, CSRCs and extension block.</summary>
    public int HeaderLength { get; private init; }

    /// <summary>The 16 bits "defined by profile" of the extension block (RFC 8285 section 4): 0 without one.</summary>
    public ushort ExtensionProfile { get; private init; }

    /// <summary>Offset of the extension elements, bytes; meaningful only when <see cref="ExtensionLength"/> is not 0.</summary>
    public int ExtensionOffset { get; private init; }

    /// <summary>Bytes of extension elements, a multiple of 4; 0 without an extension block.</summary>
    public int ExtensionLength { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> packet, out RtpHeader header)
    {
        header = default;
        if (packet.Length < FixedLength || packet[0] >> 6 != 2)
            return false;
        int length = FixedLength + (packet[0] & 0x0F) * 4;
        int extensionOffset = 0, extensionLength = 0;
        ushort profile = 0;
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < length + 4)
                return false;
            profile = BinaryPrimitives.ReadUInt16BigEndian(packet[length..]);
            extensionLength = BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]) * 4;
            extensionOffset = length + 4;
            length = extensionOffset + extensionLength;
        }
        if (packet.Length < length)
            return false;
        header = new RtpHeader
        {
            HasPadding = (packet[0] & 0x20) != 0,
            Marker = (packet[1] & 0x80) != 0,
            PayloadType = new PayloadType((byte)(packet[1] & 0x7F)),
            SequenceNumber = new SequenceNumber(BinaryPrimitives.ReadUInt16BigEndian(packet[2..])),
            Timestamp = new RtpTimestamp(BinaryPrimitives.ReadUInt32BigEndian(packet[4..])),
            Ssrc = new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(packet[8..])),
            HeaderLength = length,
            ExtensionProfile = profile,
            ExtensionOffset = extensionOffset,
            ExtensionLength = extensionLength,
        };
        return true;
    }
}
