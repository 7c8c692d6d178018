using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>The two SSRCs that open the body of every feedback packet (RFC 4585 section 6.1).</summary>
internal static class FeedbackHeader
{
    public const int Length = 8;

    public static Ssrc Sender(ReadOnlySpan<byte> body) => new(BinaryPrimitives.ReadUInt32BigEndian(body));

    public static Ssrc Media(ReadOnlySpan<byte> body) => new(BinaryPrimitives.ReadUInt32BigEndian(body[4..]));

    /// <summary>True for a packet of this type and format with at least <paramref name="informationLength"/> bytes of FCI.</summary>
    public static bool Matches(scoped in RtcpPacketView packet, RtcpPacketType type, byte format, int informationLength) =>
        packet.Type == type && packet.Count == format && packet.Body.Length >= Length + informationLength;
}
