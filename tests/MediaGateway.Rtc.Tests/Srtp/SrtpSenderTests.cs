using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Srtp;
using static MediaGateway.Rtc.Tests.Srtp.SrtpTestData;

namespace MediaGateway.Rtc.Tests.Srtp;

public class SrtpSenderTests
{
    private const SrtpProfile Profile = SrtpProfile.AeadAes128Gcm;
    private const uint MaxRtcpIndex = 0x7FFF_FFFF;

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm, 16, 14)]
    [InlineData(SrtpProfile.AeadAes128Gcm, 32, 12)]
    [InlineData(SrtpProfile.AeadAes256Gcm, 16, 12)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80, 16, 12)]
    [InlineData((SrtpProfile)2, 16, 14)]
    public void Constructor_with_key_material_of_another_profile_throws(SrtpProfile profile, int key, int salt)
    {
        Assert.ThrowsAny<ArgumentException>(() => new SrtpSender(profile, new byte[key], new byte[salt]));
        Assert.ThrowsAny<ArgumentException>(() => new SrtpReceiver(profile, new byte[key], new byte[salt]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1L << 48)]
    public void ProtectRtp_with_an_index_beyond_48_bits_throws(long index)
    {
        using SrtpSender sender = Sender(Profile);
        Assert.Throws<ArgumentOutOfRangeException>(() => Protect(sender, RtpPacket(0), index));
    }

    [Fact]
    public void ProtectRtp_with_the_last_index_works()
    {
        using SrtpSender sender = Sender(Profile);
        Assert.NotEmpty(Protect(sender, RtpPacket(0xFFFF), (1L << 48) - 1));
    }

    [Fact]
    public void ProtectRtp_without_room_for_the_tag_throws()
    {
        using SrtpSender sender = Sender(Profile);
        byte[] packet = RtpPacket(1);
        Assert.ThrowsAny<ArgumentException>(() => sender.ProtectRtp(packet, packet.Length, 32, Source, new ExtendedSequence(1)));
    }

    [Fact]
    public void ProtectRtp_touches_nothing_behind_the_packet()
    {
        using SrtpSender sender = Sender(Profile);
        for (int payload = 0; payload < 300; payload++)
        {
            byte[] packet = RtpPacket((ushort)payload, payload);
            byte[] slot = new byte[packet.Length + 200];
            slot.AsSpan().Fill(0xEE);
            packet.CopyTo(slot, 0);
            int length = sender.ProtectRtp(slot, packet.Length, 32, Source, new ExtendedSequence(payload));
            Assert.All(slot[length..], b => Assert.Equal(0xEE, b));
        }
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80)]
    public void ProtectRtp_with_another_roll_over_counter_gives_other_bytes(SrtpProfile profile)
    {
        using SrtpSender sender = Sender(profile);
        byte[] first = Protect(sender, RtpPacket(7), 7);
        byte[] second = Protect(sender, RtpPacket(7), 7 + 65536);
        Assert.NotEqual(first[32..132], second[32..132]);
        Assert.NotEqual(first[132..], second[132..]);
    }

    [Fact]
    public void ProtectRtcp_counts_one_index_over_all_senders()
    {
        using SrtpSender sender = Sender(Profile);
        uint[] indices = [.. Enumerable.Range(0, 6).Select(i => IndexOf(ProtectRtcp(sender, RtcpPacket(new Ssrc((uint)i % 2)))))];
        Assert.Equal([1, 2, 3, 4, 5, 6], indices);
    }

    [Fact]
    public void ProtectRtcp_refuses_to_wrap_its_index()
    {
        using var keys = SrtpSessionKeys.Derive(Profile, Key(Profile), Salt(Profile), SrtpKeyUsage.Rtcp);
        using var sender = new SrtpSender(
            SrtpTransform.Create(Profile, keys), SrtpTransform.Create(Profile, keys), lastRtcpIndex: MaxRtcpIndex - 1);
        Assert.Equal(MaxRtcpIndex, IndexOf(ProtectRtcp(sender, RtcpPacket(Source))));
        Assert.Throws<InvalidOperationException>(() => ProtectRtcp(sender, RtcpPacket(Source)));
        Assert.Throws<InvalidOperationException>(() => ProtectRtcp(sender, RtcpPacket(Source)));
    }

    [Fact]
    public void ProtectRtcp_of_less_than_a_header_throws()
    {
        using SrtpSender sender = Sender(Profile);
        Assert.Throws<ArgumentOutOfRangeException>(() => sender.ProtectRtcp(new byte[64], 7));
    }

    [Fact]
    public void Disposed_sender_throws_rather_than_use_erased_keys()
    {
        SrtpSender sender = Sender(Profile);
        sender.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Protect(sender, RtpPacket(1), 1));
        Assert.Throws<ObjectDisposedException>(() => ProtectRtcp(sender, RtcpPacket(Source)));
    }

    private static uint IndexOf(byte[] packet) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan()[^4..]) & MaxRtcpIndex;
}
