using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtp;

/// <summary>
/// A decrypted RTP packet (RFC 3550 section 5.1): header values, extension elements and the payload without padding,
/// all borrowed from the packet's buffer.
/// </summary>
public readonly ref struct RtpPacketView
{
    private readonly ReadOnlySpan<byte> _packet;

    private RtpPacketView(ReadOnlySpan<byte> packet, scoped in RtpHeader header, int paddingLength)
    {
        _packet = packet;
        Header = header;
        PaddingLength = paddingLength;
    }

    public RtpHeader Header { get; }

    public bool Marker => Header.Marker;

    public PayloadType PayloadType => Header.PayloadType;

    public SequenceNumber SequenceNumber => Header.SequenceNumber;

    public RtpTimestamp Timestamp => Header.Timestamp;

    public Ssrc Ssrc => Header.Ssrc;

    /// <summary>Padding bytes after the payload, their count byte included; 0 without padding.</summary>
    public int PaddingLength { get; }

    public int PayloadOffset => Header.HeaderLength;

    /// <summary>The payload without padding; empty when the packet is only padding, as in bandwidth probes.</summary>
    public ReadOnlySpan<byte> Payload => _packet[Header.HeaderLength..^PaddingLength];

    /// <summary>A view of a payload alone, for a packet of our own whose header is written when it is sent.</summary>
    public static RtpPacketView OfPayload(ReadOnlySpan<byte> payload) => new(payload, default, paddingLength: 0);

    public static bool TryParse(ReadOnlySpan<byte> packet, out RtpPacketView view)
    {
        if (RtpHeader.TryParse(packet, out RtpHeader header))
            return TryParse(packet, header, out view);
        view = default;
        return false;
    }

    /// <summary>Makes a view of a packet whose header was parsed before decryption took the authentication tag off its end.</summary>
    /// <param name="packet">The decrypted packet.</param>
    /// <param name="header">What <see cref="RtpHeader.TryParse"/> found in this same packet.</param>
    /// <param name="view">The view; default when the packet is malformed.</param>
    public static bool TryParse(ReadOnlySpan<byte> packet, scoped in RtpHeader header, out RtpPacketView view)
    {
        view = default;
        int payloadLength = packet.Length - header.HeaderLength;
        if (payloadLength < 0)
            return false;
        int paddingLength = 0;
        if (header.HasPadding)
        {
            paddingLength = payloadLength == 0 ? 0 : packet[^1];
            // Section 5.1: the count includes itself, so it is at least 1.
            if (paddingLength == 0 || paddingLength > payloadLength)
                return false;
        }
        view = new RtpPacketView(packet, header, paddingLength);
        return true;
    }

    /// <summary>The first element with this identifier.</summary>
    /// <param name="id">Local identifier; 0 (not negotiated) finds nothing.</param>
    /// <param name="value">Its data, possibly empty.</param>
    public bool TryGetExtension(byte id, out ReadOnlySpan<byte> value)
    {
        foreach (RtpExtension extension in GetExtensions())
        {
            if (extension.Id == id)
            {
                value = extension.Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    public RtpExtensionEnumerator GetExtensions() => new(
        Header.ExtensionProfile,
        _packet.Slice(Header.ExtensionOffset, Header.ExtensionLength));
}
