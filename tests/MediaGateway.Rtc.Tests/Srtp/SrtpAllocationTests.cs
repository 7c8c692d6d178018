using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Srtp;
using MediaGateway.Testing.Primitives;
using static MediaGateway.Rtc.Tests.Srtp.SrtpTestData;

namespace MediaGateway.Rtc.Tests.Srtp;

public class SrtpAllocationTests
{
    public static TheoryData<SrtpProfile> Profiles => SrtpTestData.Profiles;

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Packets_in_both_directions_allocate_nothing(SrtpProfile profile)
    {
        using SrtpSender sender = Sender(profile);
        using SrtpReceiver receiver = Receiver(profile);
        byte[] rtp = RtpPacket(0, 1200);
        byte[] rtcp = RtcpPacket(Source);
        byte[] slot = new byte[1500];
        int dropped = Exchange(sender, receiver, rtp, rtcp, slot, 0, 100);

        long allocated = AllocatedBytes.LeastOf(time => dropped += Exchange(sender, receiver, rtp, rtcp, slot, 100 + (time * 1000), 1000));

        Assert.Equal(0, dropped);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Both_fallbacks_allocate_nothing()
    {
        using var cipher = new AesCounterMode(Random(16, 1), useHardware: false);
        using var aead = PacketAead.Create(Random(16, 1), useHardware: false);
        byte[] text = new byte[1200];
        byte[] tag = new byte[16];
        for (uint i = 0; i < 100; i++)
        {
            cipher.Xor(i, text);
            aead.Seal(i, tag, text, tag);
        }

        Assert.Equal(0, AllocatedBytes.LeastOf(() =>
        {
            for (uint i = 100; i < 600; i++)
            {
                cipher.Xor(i, text);
                aead.Seal(i, tag, text, tag);
            }
        }));
    }

    private static int Exchange(
        SrtpSender sender, SrtpReceiver receiver, byte[] rtp, byte[] rtcp, byte[] slot, int first, int count)
    {
        int dropped = 0;
        for (int i = first; i < first + count; i++)
        {
            rtp.CopyTo(slot, 0);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(slot.AsSpan(2), (ushort)i);
            int length = sender.ProtectRtp(slot, rtp.Length, 32, Source, new ExtendedSequence(i));
            if (!RtpHeader.TryParse(slot, out RtpHeader header)
                || receiver.UnprotectRtp(slot.AsSpan(0, length), header, out _, out _) != DropReason.None)
                dropped++;

            rtcp.CopyTo(slot, 0);
            length = sender.ProtectRtcp(slot, rtcp.Length);
            if (receiver.UnprotectRtcp(slot.AsSpan(0, length), out _) != DropReason.None)
                dropped++;
        }
        return dropped;
    }
}
