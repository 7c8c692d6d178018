using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Srtp;
using static MediaGateway.Rtc.Tests.Srtp.SrtpTestData;

namespace MediaGateway.Rtc.Tests.Srtp;

public class SrtpReceiverTests
{
    private const SrtpProfile Profile = SrtpProfile.AeadAes128Gcm;

    // Indices in order of arrival. RFC 3711 section 3.3.1 and appendix A.
    public static TheoryData<long[]> Arrivals => new()
    {
        new long[] { 65530, 65535, 65536, 65537 },
        new long[] { 65530, 65536, 65535, 65531, 65540 },
        new long[] { 0, 1, 32768, 65535, 65536, 98303, 131070, 131072 },
        new long[] { 40000, 65530, 65541, 65529, 98300, 131000, 131080, 131070 },
        new long[] { 65535, 65536 + 1900, 65534 },
        new long[] { 5, 32772, 65539 },
    };

    [Theory]
    [MemberData(nameof(Arrivals))]
    public void UnprotectRtp_finds_the_roll_over_counter(long[] indices)
    {
        using SrtpSender sender = Sender(Profile);
        using SrtpReceiver receiver = Receiver(Profile);
        foreach (long expected in indices)
        {
            byte[] packet = Protect(sender, RtpPacket((ushort)expected), expected);
            Assert.Equal(DropReason.None, Unprotect(receiver, packet, out _, out ExtendedSequence index));
            Assert.Equal(expected, index.Value);
        }
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80)]
    public void UnprotectRtp_over_many_wraps_with_loss_and_reordering_follows(SrtpProfile profile)
    {
        using SrtpSender sender = Sender(profile);
        using SrtpReceiver receiver = Receiver(profile);
        var random = new Random(3);
        long newest = random.Next(65536);
        for (int i = 0; i < 400; i++)
        {
            newest += random.Next(1, 4000);
            foreach (long expected in new[] { newest, newest - random.Next(1, 100) })
            {
                byte[] packet = Protect(sender, RtpPacket((ushort)expected, 20), expected);
                DropReason reason = Unprotect(receiver, packet, out _, out ExtendedSequence index);
                if (reason == DropReason.Replay)
                    continue;
                Assert.Equal(DropReason.None, reason);
                Assert.Equal(expected, index.Value);
            }
        }
        Assert.True(newest > 5 * 65536);
    }

    [Fact]
    public void UnprotectRtp_of_a_replayed_packet_is_dropped()
    {
        using SrtpSender sender = Sender(Profile);
        using SrtpReceiver receiver = Receiver(Profile);
        byte[] first = Protect(sender, RtpPacket(10), 10);
        byte[] second = Protect(sender, RtpPacket(12), 12);
        byte[] between = Protect(sender, RtpPacket(11), 11);
        Assert.Equal(DropReason.None, Unprotect(receiver, first));
        Assert.Equal(DropReason.Replay, Unprotect(receiver, first));
        Assert.Equal(DropReason.None, Unprotect(receiver, second));
        Assert.Equal(DropReason.None, Unprotect(receiver, between));
        Assert.Equal(DropReason.Replay, Unprotect(receiver, between));
        Assert.Equal(DropReason.Replay, Unprotect(receiver, first));
    }

    [Fact]
    public void UnprotectRtp_of_a_packet_older_than_the_window_is_dropped()
    {
        using SrtpSender sender = Sender(Profile);
        using SrtpReceiver receiver = Receiver(Profile);
        Assert.Equal(DropReason.None, Unprotect(receiver, Protect(sender, RtpPacket(5000), 5000)));
        Assert.Equal(DropReason.None, Unprotect(receiver, Protect(sender, RtpPacket(5000 - 1983), 5000 - 1983)));
        Assert.Equal(DropReason.Replay, Unprotect(receiver, Protect(sender, RtpPacket(5000 - 1984), 5000 - 1984)));
    }

    [Fact]
    public void UnprotectRtp_of_a_packet_from_before_the_beginning_is_dropped()
    {
        using SrtpSender sender = Sender(Profile);
        using SrtpReceiver receiver = Receiver(Profile);
        Assert.Equal(DropReason.None, Unprotect(receiver, Protect(sender, RtpPacket(3), 3)));
        // 65534 is nearer to 3 from below than from above, and below 3 there is no such index.
        Assert.Equal(DropReason.Replay, Unprotect(receiver, Protect(sender, RtpPacket(65534), 65534)));
    }

    [Fact]
    public void UnprotectRtp_of_forged_packets_moves_no_state()
    {
        using SrtpSender sender = Sender(Profile);
        using SrtpSender stranger = Sender(Profile, seed: 9);
        using SrtpReceiver receiver = Receiver(Profile, maxSources: 1);
        // No source is created by packets that are not authentic, so the only place stays free.
        for (uint i = 0; i < 10; i++)
            Assert.Equal(DropReason.AuthFailed, Unprotect(receiver, Protect(stranger, RtpPacket(1, ssrc: new Ssrc(i)), 1)));
        Assert.Equal(DropReason.None, Unprotect(receiver, Protect(sender, RtpPacket(100), 100)));
        // Nor do they move the roll-over counter or the window.
        Assert.Equal(DropReason.AuthFailed, Unprotect(receiver, Protect(stranger, RtpPacket(32000), 32000)));
        Assert.Equal(DropReason.AuthFailed, Unprotect(receiver, Protect(stranger, RtpPacket(101), 101)));
        Assert.Equal(DropReason.None, Unprotect(receiver, Protect(sender, RtpPacket(101), 101), out _, out ExtendedSequence index));
        Assert.Equal(101, index.Value);
        Assert.Equal(DropReason.None, Unprotect(receiver, Protect(sender, RtpPacket(99), 99)));
    }

    [Fact]
    public void UnprotectRtp_beyond_the_number_of_sources_is_dropped()
    {
        using SrtpSender sender = Sender(Profile);
        using SrtpReceiver receiver = Receiver(Profile, maxSources: 2);
        Assert.Equal(DropReason.None, Unprotect(receiver, Protect(sender, RtpPacket(1, ssrc: new Ssrc(1)), 1)));
        Assert.Equal(DropReason.None, Unprotect(receiver, Protect(sender, RtpPacket(1, ssrc: new Ssrc(2)), 1)));
        Assert.Equal(DropReason.TooManySources, Unprotect(receiver, Protect(sender, RtpPacket(1, ssrc: new Ssrc(3)), 1)));
        Assert.Equal(DropReason.None, Unprotect(receiver, Protect(sender, RtpPacket(2, ssrc: new Ssrc(1)), 2)));
        // RTCP has its own places.
        Assert.Equal(DropReason.None, UnprotectRtcp(receiver, ProtectRtcp(sender, RtcpPacket(new Ssrc(3)))));
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.AeadAes256Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80)]
    public void Unprotect_of_every_cut_of_a_packet_is_dropped(SrtpProfile profile)
    {
        using SrtpSender sender = Sender(profile);
        using SrtpReceiver receiver = Receiver(profile);
        byte[] rtp = Protect(sender, RtpPacket(1, 0), 1);
        for (int length = 32; length < rtp.Length; length++)
            Assert.Equal(DropReason.TooShort, Unprotect(receiver, rtp[..length]));
        byte[] rtcp = ProtectRtcp(sender, RtcpPacket(Source, 8));
        for (int length = 0; length < rtcp.Length; length++)
            Assert.Equal(DropReason.TooShort, UnprotectRtcp(receiver, rtcp[..length]));
        Assert.Equal(DropReason.None, Unprotect(receiver, rtp));
        Assert.Equal(DropReason.None, UnprotectRtcp(receiver, rtcp));
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80)]
    public void UnprotectRtcp_of_a_replayed_packet_is_dropped_per_sender(SrtpProfile profile)
    {
        using SrtpSender sender = Sender(profile);
        using SrtpReceiver receiver = Receiver(profile);
        byte[] first = ProtectRtcp(sender, RtcpPacket(new Ssrc(1)));
        byte[] other = ProtectRtcp(sender, RtcpPacket(new Ssrc(2)));
        byte[] second = ProtectRtcp(sender, RtcpPacket(new Ssrc(1)));
        Assert.Equal(DropReason.None, UnprotectRtcp(receiver, second));
        Assert.Equal(DropReason.None, UnprotectRtcp(receiver, first));
        Assert.Equal(DropReason.Replay, UnprotectRtcp(receiver, first));
        Assert.Equal(DropReason.None, UnprotectRtcp(receiver, other));
        Assert.Equal(DropReason.Replay, UnprotectRtcp(receiver, second));
    }

    [Fact]
    public void UnprotectRtcp_of_two_senders_that_count_alike_passes_both()
    {
        using SrtpSender one = Sender(Profile);
        using SrtpSender two = Sender(Profile);
        using SrtpReceiver receiver = Receiver(Profile);
        Assert.Equal(DropReason.None, UnprotectRtcp(receiver, ProtectRtcp(one, RtcpPacket(new Ssrc(1)))));
        Assert.Equal(DropReason.None, UnprotectRtcp(receiver, ProtectRtcp(two, RtcpPacket(new Ssrc(2)))));
    }

    [Fact]
    public void UnprotectRtcp_without_the_E_flag_is_refused()
    {
        using SrtpSender sender = Sender(Profile);
        using SrtpReceiver receiver = Receiver(Profile);
        byte[] packet = ProtectRtcp(sender, RtcpPacket(Source));
        packet[^4] &= 0x7F;
        Assert.Equal(DropReason.AuthFailed, UnprotectRtcp(receiver, packet));
    }

    [Fact]
    public void UnprotectRtcp_of_forged_packets_takes_no_place()
    {
        using SrtpSender sender = Sender(Profile);
        using SrtpSender stranger = Sender(Profile, seed: 9);
        using SrtpReceiver receiver = Receiver(Profile, maxSources: 1);
        Assert.Equal(DropReason.AuthFailed, UnprotectRtcp(receiver, ProtectRtcp(stranger, RtcpPacket(new Ssrc(1)))));
        Assert.Equal(DropReason.None, UnprotectRtcp(receiver, ProtectRtcp(sender, RtcpPacket(new Ssrc(2)))));
        Assert.Equal(DropReason.TooManySources, UnprotectRtcp(receiver, ProtectRtcp(sender, RtcpPacket(new Ssrc(3)))));
    }

    [Fact]
    public void UnprotectRtp_with_a_header_as_long_as_the_packet_is_too_short()
    {
        using SrtpReceiver receiver = Receiver(Profile);
        byte[] packet = RtpPacket(1, 0);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), 2);
        Assert.True(RtpHeader.TryParse(packet, out RtpHeader header));
        Assert.Equal(packet.Length, header.HeaderLength);
        Assert.Equal(DropReason.TooShort, receiver.UnprotectRtp(packet, header, out int length, out _));
        Assert.Equal(0, length);
    }

    [Fact]
    public void Disposed_receiver_throws_rather_than_use_erased_keys()
    {
        SrtpReceiver receiver = Receiver(Profile);
        receiver.Dispose();
        Assert.Throws<ObjectDisposedException>(() => receiver.UnprotectRtcp(new byte[64], out _));
        Assert.Throws<ObjectDisposedException>(() => receiver.UnprotectRtp(new byte[64], default, out _, out _));
    }
}
