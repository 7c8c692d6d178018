using System.Buffers.Binary;
using System.Security.Cryptography;
using MediaGateway.Attack.Calls;
using MediaGateway.Attack.Running;
using MediaGateway.Attack.Senders;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Attack.Drills;

/// <summary>Media that somebody else has made, and media and feedback of a client who overdoes it.</summary>
internal static class MediaDrills
{
    private const double PerSecond = 10_000;
    private const int PayloadBytes = 200;

    public static IReadOnlyList<Drill> List =>
    [
        new("SRTP from strangers", "RTP bleed, injection, latching", StrangersAsync),
        new("Forged SRTP from the publisher's address", "RTP bleed, injection, latching", attack => ForgeAsync(attack, isControl: false)),
        new("Forged SRTCP from the publisher's address", "RTP bleed, injection, latching", attack => ForgeAsync(attack, isControl: true)),
        new("Replayed SRTP of a client", "Replay", ReplayAsync),
        new("Bad datagrams of a client", "Error counters that end calls", BadDatagramsAsync),
        new("Requests for packets by a viewer (NACK)", "Packet floods", NackStormAsync),
        new("Requests for key frames by viewers (PLI, FIR)", "Packet floods", KeyFrameStormAsync),
        new("Thousands of sources of a publisher", "Sources without number", SourcesAsync),
    ];

    private static Task StrangersAsync(OngoingAttack attack) =>
        Stranger.FloodAsync(attack, sources: 16, PerSecond, number => Media(attack.Site.Call.Victim.Sources[0], number));

    private static async Task ForgeAsync(OngoingAttack attack, bool isControl)
    {
        Victim victim = attack.Site.Call.Victim;
        using var sender = new ForgedSender(victim.Client, victim.Gateway);
        await attack.RepeatAsync(PerSecond, number =>
        {
            uint source = victim.Sources[number % victim.Sources.Length];
            sender.Send(isControl ? Control(source, number) : Media(source, number));
            attack.Count();
        });
        attack.Load = $"{attack.Number} datagrams";
    }

    /// <summary>The same few packets of an authenticated client, over and over.</summary>
    private static async Task ReplayAsync(OngoingAttack attack)
    {
        HostilePeer peer = await HostilePeer.PublishAsync(attack.Site, "replay");
        await peer.ConnectAsync();
        await peer.RepeatAsync(attack, (int)PerSecond, (number, _) => SendRtp(peer, (uint)(1000 + (number % 2)), number / 2 % 16));
        await peer.LeaveAsync();
        attack.Load = $"{attack.Number} packets";
    }

    private static async Task BadDatagramsAsync(OngoingAttack attack)
    {
        HostilePeer peer = await HostilePeer.WatchAsync(attack.Site);
        await peer.ConnectAsync();
        await peer.RepeatAsync(attack, (int)PerSecond, (number, _) =>
        {
            byte[] datagram = RandomNumberGenerator.GetBytes(1 + (number % 120));
            // RFC 7983: what is taken for STUN, DTLS, RTP and RTCP.
            datagram[0] = (number % 4) switch { 0 => 1, 1 => 23, 2 => 128, _ => 129 };
            peer.SendRaw(datagram);
        });
        await peer.OnLoopAsync(_ => attack.Require(peer.IsConnected, "bad datagrams ended their sender's own session"));
        await peer.LeaveAsync();
        attack.Load = $"{attack.Number} datagrams";
    }

    /// <summary>A viewer who says that it has got none of the last 17 packets, thousands of times a second.</summary>
    private static async Task NackStormAsync(OngoingAttack attack)
    {
        const int Packets = 17;
        const int RequestsPerSecond = 3_000;
        HostilePeer peer = await HostilePeer.WatchAsync(attack.Site);
        await peer.PlayAsync();
        await peer.RepeatAsync(attack, RequestsPerSecond, (number, _) =>
        {
            Span<SequenceNumber> lost = stackalloc SequenceNumber[Packets];
            Span<byte> packet = stackalloc byte[256];
            foreach ((Ssrc source, SequenceNumber newest) in peer.Newest)
            {
                for (int i = 0; i < Packets; i++)
                    lost[i] = new SequenceNumber((ushort)(newest.Value - Packets + 1 + i));
                var writer = new RtcpWriter(packet);
                writer.WriteReceiverReport(new Ssrc(1), []);
                writer.WriteNack(new Ssrc(1), source, lost);
                peer.SendRtcp(packet[..writer.Length]);
            }
        });
        await peer.LeaveAsync();
        attack.Load = $"{attack.Number} times 17 packets of two tracks";
    }

    private static async Task KeyFrameStormAsync(OngoingAttack attack)
    {
        const int Clients = 4;
        const int RequestsPerSecond = 2_000;
        HostilePeer[] peers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => HostilePeer.WatchAsync(attack.Site)));
        foreach (HostilePeer peer in peers)
            await peer.PlayAsync();
        await Task.WhenAll(peers.Select(peer => peer.RepeatAsync(attack, RequestsPerSecond, (number, _) =>
        {
            Span<byte> packet = stackalloc byte[256];
            foreach (Ssrc source in peer.Newest.Keys)
            {
                var writer = new RtcpWriter(packet);
                writer.WriteReceiverReport(new Ssrc(1), []);
                writer.WritePli(new Ssrc(1), source);
                writer.WriteFir(new Ssrc(1), source, (byte)number);
                peer.SendRtcp(packet[..writer.Length]);
            }
        })));
        foreach (HostilePeer peer in peers)
            await peer.LeaveAsync();
        attack.Load = $"{attack.Number} times PLI and FIR of {Clients} viewers";
    }

    private static async Task SourcesAsync(OngoingAttack attack)
    {
        HostilePeer peer = await HostilePeer.PublishAsync(attack.Site, "sources");
        await peer.ConnectAsync();
        await peer.RepeatAsync(attack, (int)PerSecond, (number, _) => SendRtp(peer, (uint)(5000 + number), 0));
        await peer.LeaveAsync();
        attack.Load = $"{attack.Number} SSRCs";
    }

    private static void SendRtp(HostilePeer peer, uint ssrc, int index)
    {
        Span<byte> packet = stackalloc byte[RtpHeader.FixedLength + PayloadBytes];
        packet.Clear();
        var writer = new RtpPacketWriter(packet);
        writer.WriteHeader(marker: true, new PayloadType(96), new SequenceNumber((ushort)index), new RtpTimestamp(0), new Ssrc(ssrc));
        int header = writer.FinishHeader();
        peer.SendRtp(packet, header, new Ssrc(ssrc), new ExtendedSequence(index));
    }

    private static byte[] Media(uint ssrc, int number)
    {
        byte[] packet = RandomNumberGenerator.GetBytes(RtpHeader.FixedLength + PayloadBytes);
        (packet[0], packet[1]) = (0x80, (byte)(96 + (number % 4)));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)number);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        return packet;
    }

    /// <summary>A BYE, a NACK or a PLI in the clear part, with a tag that is none.</summary>
    private static byte[] Control(uint ssrc, int number)
    {
        ReadOnlySpan<byte> kinds = [200, 201, 203, 205, 206];
        byte[] packet = RandomNumberGenerator.GetBytes(60);
        (packet[0], packet[1]) = (0x81, kinds[number % kinds.Length]);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), 7);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), ssrc);
        return packet;
    }
}
