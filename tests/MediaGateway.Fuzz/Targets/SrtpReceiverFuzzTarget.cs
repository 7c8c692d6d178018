using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Srtp;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// SRTP and SRTCP of every profile: whatever arrives, only what was protected with the key passes, and what does not
/// pass changes nothing, so the genuine packet that follows does; what we protect ourselves comes back.
/// </summary>
public sealed class SrtpReceiverFuzzTarget : IFuzzTarget
{
    private const int RtcpHeaderLength = 8;

    private static readonly SrtpProfile[] Profiles = Enum.GetValues<SrtpProfile>();

    public string Name => "srtp";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            foreach (SrtpProfile profile in Profiles)
            {
                using SrtpSender sender = CreateSender(profile);
                yield return ProtectRtp(sender, CreateRtp());
                yield return ProtectRtcp(sender, CreateRtcp());
            }
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        foreach (SrtpProfile profile in Profiles)
        {
            using SrtpSender sender = CreateSender(profile);
            using SrtpReceiver receiver = CreateReceiver(profile);
            if (RtpHeader.TryParse(input, out RtpHeader header))
            {
                UnprotectRtp(input, header, sender, receiver);
                RoundTripRtp(input, header, profile);
            }
            UnprotectRtcp(input, sender, receiver);
            RoundTripRtcp(input, profile);
        }
    }

    private static void UnprotectRtp(ReadOnlySpan<byte> input, in RtpHeader header, SrtpSender sender, SrtpReceiver receiver)
    {
        byte[] packet = input.ToArray();
        DropReason reason = receiver.UnprotectRtp(packet, header, out int length, out ExtendedSequence index);
        if (reason == DropReason.None)
        {
            Property.Holds(length == packet.Length - sender.RtpOverhead, "the plain packet is shorter by the overhead");
            sender.ProtectRtp(packet, length, header.HeaderLength, header.Ssrc, index);
            Property.Holds(input.SequenceEqual(packet), "only what was protected with the key is authentic");
            return;
        }
        Property.Holds(length == 0, "a dropped packet has no length");
        byte[] genuine = ProtectRtp(sender, CreateRtp());
        Property.Holds(RtpHeader.TryParse(genuine, out RtpHeader genuineHeader), "protection leaves the header in clear");
        Property.Holds(
            receiver.UnprotectRtp(genuine, genuineHeader, out _, out _) == DropReason.None, "a dropped RTP packet changes no state");
    }

    private static void UnprotectRtcp(ReadOnlySpan<byte> input, SrtpSender sender, SrtpReceiver receiver)
    {
        byte[] packet = input.ToArray();
        DropReason reason = receiver.UnprotectRtcp(packet, out int length);
        if (reason == DropReason.None)
        {
            Property.Holds(length == packet.Length - sender.RtcpOverhead, "the plain compound is shorter by the overhead");
            Property.Holds(
                receiver.UnprotectRtcp(input.ToArray(), out _) == DropReason.Replay, "an authentic packet passes once");
            return;
        }
        Property.Holds(length == 0, "a dropped packet has no length");
        byte[] genuine = ProtectRtcp(sender, CreateRtcp());
        Property.Holds(receiver.UnprotectRtcp(genuine, out _) == DropReason.None, "a dropped RTCP packet changes no state");
    }

    private static void RoundTripRtp(ReadOnlySpan<byte> plain, in RtpHeader header, SrtpProfile profile)
    {
        using SrtpSender sender = CreateSender(profile);
        using SrtpReceiver receiver = CreateReceiver(profile);
        byte[] packet = ProtectRtp(sender, plain);
        DropReason reason = receiver.UnprotectRtp(packet, header, out int length, out ExtendedSequence index);
        Property.Holds(reason == DropReason.None, "a protected packet passes");
        Property.Holds(index.Value == header.SequenceNumber.Value, "a new source begins with roll-over counter 0");
        Property.Holds(plain.SequenceEqual(packet.AsSpan(0, length)), "an RTP packet comes back as it was");
    }

    private static void RoundTripRtcp(ReadOnlySpan<byte> plain, SrtpProfile profile)
    {
        if (plain.Length < RtcpHeaderLength)
            return;
        using SrtpSender sender = CreateSender(profile);
        using SrtpReceiver receiver = CreateReceiver(profile);
        byte[] packet = ProtectRtcp(sender, plain);
        Property.Holds(receiver.UnprotectRtcp(packet, out int length) == DropReason.None, "a protected compound passes");
        Property.Holds(plain.SequenceEqual(packet.AsSpan(0, length)), "an RTCP compound comes back as it was");
    }

    private static byte[] ProtectRtp(SrtpSender sender, ReadOnlySpan<byte> plain)
    {
        byte[] packet = new byte[plain.Length + sender.RtpOverhead];
        plain.CopyTo(packet);
        Property.Holds(RtpHeader.TryParse(plain, out RtpHeader header), "only packets that parse are protected");
        sender.ProtectRtp(packet, plain.Length, header.HeaderLength, header.Ssrc, new ExtendedSequence(header.SequenceNumber.Value));
        return packet;
    }

    private static byte[] ProtectRtcp(SrtpSender sender, ReadOnlySpan<byte> plain)
    {
        byte[] packet = new byte[plain.Length + sender.RtcpOverhead];
        plain.CopyTo(packet);
        sender.ProtectRtcp(packet, plain.Length);
        return packet;
    }

    private static SrtpSender CreateSender(SrtpProfile profile) => new(profile, KeyOf(profile), SaltOf(profile));

    // Room for one source only: one that a forgery took would be missed by the genuine packet.
    private static SrtpReceiver CreateReceiver(SrtpProfile profile) => new(profile, KeyOf(profile), SaltOf(profile), maxSources: 1);

    private static byte[] KeyOf(SrtpProfile profile) => new byte[profile == SrtpProfile.AeadAes256Gcm ? 32 : 16];

    private static byte[] SaltOf(SrtpProfile profile) => new byte[profile == SrtpProfile.Aes128CmHmacSha1Tag80 ? 14 : 12];

    private static byte[] CreateRtp()
    {
        byte[] packet = new byte[172];
        packet[0] = 0x90;
        packet[1] = 96;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), 4711);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), 0x1234_5678);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), 0xBEDE_0001);
        return packet;
    }

    private static byte[] CreateRtcp()
    {
        byte[] packet = new byte[32];
        BinaryPrimitives.WriteUInt32BigEndian(packet, 0x81C9_0007);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), 0x1234_5678);
        return packet;
    }
}
