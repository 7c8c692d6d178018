using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Srtp;
using static MediaGateway.Rtc.Tests.Srtp.SrtpTestData;

namespace MediaGateway.Rtc.Tests.Srtp;

public class SrtpRoundTripTests
{
    public static TheoryData<SrtpProfile> Profiles => SrtpTestData.Profiles;

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm, 16, 20)]
    [InlineData(SrtpProfile.AeadAes256Gcm, 16, 20)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80, 10, 14)]
    public void Overhead_is_tag_and_for_rtcp_index(SrtpProfile profile, int rtp, int rtcp)
    {
        using SrtpSender sender = Sender(profile);
        Assert.Equal(rtp, sender.RtpOverhead);
        Assert.Equal(rtcp, sender.RtcpOverhead);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Rtp_of_every_length_comes_back(SrtpProfile profile)
    {
        using SrtpSender sender = Sender(profile);
        using SrtpReceiver receiver = Receiver(profile);
        for (int payload = 0; payload <= 1400; payload++)
        {
            byte[] packet = RtpPacket((ushort)payload, payload);
            byte[] sealedPacket = Protect(sender, packet, payload);
            Assert.Equal(packet[..32], sealedPacket[..32]);
            if (payload > 16)
                Assert.NotEqual(packet[32..], sealedPacket[32..packet.Length]);
            Assert.Equal(DropReason.None, Unprotect(receiver, sealedPacket, out byte[] plain, out ExtendedSequence index));
            Assert.Equal(packet, plain);
            Assert.Equal(payload, index.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Rtcp_of_every_length_comes_back(SrtpProfile profile)
    {
        using SrtpSender sender = Sender(profile);
        using SrtpReceiver receiver = Receiver(profile);
        for (int length = 8; length <= 1400; length += 4)
        {
            byte[] packet = RtcpPacket(Source, length);
            byte[] sealedPacket = ProtectRtcp(sender, packet);
            Assert.Equal(packet[..8], sealedPacket[..8]);
            if (length > 24)
                Assert.NotEqual(packet[8..], sealedPacket[8..length]);
            Assert.Equal(DropReason.None, UnprotectRtcp(receiver, sealedPacket, out byte[] plain));
            Assert.Equal(packet, plain);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Any_altered_byte_is_refused_and_the_genuine_packet_still_passes(SrtpProfile profile)
    {
        using SrtpSender sender = Sender(profile);
        using SrtpReceiver receiver = Receiver(profile);
        byte[] rtp = Protect(sender, RtpPacket(1, 40), 1);
        byte[] rtcp = ProtectRtcp(sender, RtcpPacket(Source));
        for (int i = 32; i < rtp.Length; i++)
            Assert.Equal(DropReason.AuthFailed, Unprotect(receiver, Altered(rtp, i)));
        for (int i = 0; i < rtcp.Length; i++)
            Assert.Equal(DropReason.AuthFailed, UnprotectRtcp(receiver, Altered(rtcp, i)));
        Assert.Equal(DropReason.None, Unprotect(receiver, rtp));
        Assert.Equal(DropReason.None, UnprotectRtcp(receiver, rtcp));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Another_key_and_another_direction_are_refused(SrtpProfile profile)
    {
        using SrtpSender sender = Sender(profile, seed: 1);
        using SrtpReceiver receiver = Receiver(profile, seed: 2);
        Assert.Equal(DropReason.AuthFailed, Unprotect(receiver, Protect(sender, RtpPacket(1), 1)));
        Assert.Equal(DropReason.AuthFailed, UnprotectRtcp(receiver, ProtectRtcp(sender, RtcpPacket(Source))));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Mutated_packets_never_pass_and_never_throw(SrtpProfile profile)
    {
        using SrtpSender sender = Sender(profile);
        using SrtpReceiver receiver = Receiver(profile);
        byte[] rtp = Protect(sender, RtpPacket(1, 60), 1);
        byte[] rtcp = ProtectRtcp(sender, RtcpPacket(Source));
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] rtpMutant = Mutated(rtp, random);
            if (Rtc.Rtp.RtpHeader.TryParse(rtpMutant, out Rtc.Rtp.RtpHeader header))
                Assert.NotEqual(DropReason.None, receiver.UnprotectRtp(rtpMutant, header, out _, out _));
            Assert.NotEqual(DropReason.None, receiver.UnprotectRtcp(Mutated(rtcp, random), out _));
        }
        Assert.Equal(DropReason.None, Unprotect(receiver, rtp));
        Assert.Equal(DropReason.None, UnprotectRtcp(receiver, rtcp));
    }

    private static byte[] Altered(byte[] packet, int at)
    {
        byte[] copy = [.. packet];
        copy[at] ^= 0x10;
        return copy;
    }

    // Cut or lengthened, then always one bit that differs.
    private static byte[] Mutated(byte[] packet, Random random)
    {
        byte[] copy = [.. packet[..random.Next(1, packet.Length + 1)], .. new byte[random.Next(3) == 0 ? random.Next(20) : 0]];
        copy[random.Next(Math.Min(copy.Length, packet.Length))] ^= (byte)(1 << random.Next(8));
        return copy;
    }
}
