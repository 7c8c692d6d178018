using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Srtp;

namespace MediaGateway.Rtc.Tests.Srtp;

/// <summary>Keys, packets and pairs of contexts for the SRTP tests.</summary>
internal static class SrtpTestData
{
    public static readonly Ssrc Source = new(0x1234_5678);

    public static TheoryData<SrtpProfile> Profiles => new(Enum.GetValues<SrtpProfile>());

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    public static byte[] Random(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static SrtpSender Sender(SrtpProfile profile, int seed = 1) => new(profile, Key(profile, seed), Salt(profile, seed));

    public static SrtpReceiver Receiver(SrtpProfile profile, int seed = 1, int maxSources = 64) =>
        new(profile, Key(profile, seed), Salt(profile, seed), maxSources);

    public static byte[] Key(SrtpProfile profile, int seed = 1) => Random(profile == SrtpProfile.AeadAes256Gcm ? 32 : 16, seed);

    public static byte[] Salt(SrtpProfile profile, int seed = 1) =>
        Random(profile == SrtpProfile.Aes128CmHmacSha1Tag80 ? 14 : 12, seed + 1000);

    /// <summary>A plain RTP packet with two CSRCs and a two-word header extension: 12 + 8 + 12 bytes of header.</summary>
    public static byte[] RtpPacket(ushort sequence, int payloadLength = 100, Ssrc? ssrc = null)
    {
        byte[] packet = Random(32 + payloadLength, sequence);
        packet[0] = 0x92;
        packet[1] = 96;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), (ssrc ?? Source).Value);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(20), 0xBEDE);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), 2);
        return packet;
    }

    /// <summary>A plain RTCP packet: a receiver report's header, its sender, and anything.</summary>
    public static byte[] RtcpPacket(Ssrc sender, int length = 48)
    {
        byte[] packet = Random(length, length);
        packet[0] = 0x81;
        packet[1] = 201;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(length / 4 - 1));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), sender.Value);
        return packet;
    }

    public static byte[] Protect(SrtpSender sender, byte[] packet, long index)
    {
        byte[] buffer = new byte[packet.Length + sender.RtpOverhead];
        packet.CopyTo(buffer, 0);
        RtpHeader header = HeaderOf(packet);
        int length = sender.ProtectRtp(buffer, packet.Length, header.HeaderLength, header.Ssrc, new ExtendedSequence(index));
        Assert.Equal(buffer.Length, length);
        return buffer;
    }

    public static byte[] ProtectRtcp(SrtpSender sender, byte[] packet)
    {
        byte[] buffer = new byte[packet.Length + sender.RtcpOverhead];
        packet.CopyTo(buffer, 0);
        Assert.Equal(buffer.Length, sender.ProtectRtcp(buffer, packet.Length));
        return buffer;
    }

    /// <summary>Unprotects a copy: the same protected packet may be tried again.</summary>
    public static DropReason Unprotect(SrtpReceiver receiver, byte[] packet, out byte[] plain, out ExtendedSequence index)
    {
        byte[] copy = [.. packet];
        DropReason reason = receiver.UnprotectRtp(copy, HeaderOf(packet), out int length, out index);
        plain = copy[..length];
        return reason;
    }

    public static DropReason Unprotect(SrtpReceiver receiver, byte[] packet) => Unprotect(receiver, packet, out _, out _);

    public static DropReason UnprotectRtcp(SrtpReceiver receiver, byte[] packet, out byte[] plain)
    {
        byte[] copy = [.. packet];
        DropReason reason = receiver.UnprotectRtcp(copy, out int length);
        plain = copy[..length];
        return reason;
    }

    public static DropReason UnprotectRtcp(SrtpReceiver receiver, byte[] packet) => UnprotectRtcp(receiver, packet, out _);

    private static RtpHeader HeaderOf(byte[] packet)
    {
        Assert.True(RtpHeader.TryParse(packet, out RtpHeader header));
        return header;
    }
}
