using System.Buffers.Binary;
using System.Net.Http.Json;
using System.Security.Cryptography;
using MediaGateway.Attack.Calls;
using MediaGateway.Attack.Running;
using MediaGateway.Attack.Senders;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;

namespace MediaGateway.Attack.Drills;

/// <summary>Packets that participants put onto their data channels' association beneath the channels, and one who never reads.</summary>
internal static class SctpDrills
{
    private const int PerSecond = 3_000;
    private const int DataBytes = 1_000;

    private const string Threat = "SCTP parsers";

    private delegate void Writing(ref SctpPacketWriter writer, HostilePeer peer, int number);

    public static IReadOnlyList<Drill> List =>
    [
        new("SCTP chunks without a length, and broken ones", Threat, attack => FloodAsync(attack, WriteBroken)),
        new("SCTP TSN jumps (FORWARD-TSN, DATA, SACK)", Threat, attack => FloodAsync(attack, WriteJump)),
        new("SCTP fragments that are never completed", Threat, attack => FloodAsync(attack, WriteFragment)),
        new("SCTP INITs and HEARTBEATs", Threat, attack => FloodAsync(attack, WriteInit)),
        new("A reader of data channels who does not read", Threat, ReaderAsync),
    ];

    private static async Task FloodAsync(OngoingAttack attack, Writing write)
    {
        const int Clients = 3;
        HostilePeer[] peers = await Task.WhenAll(
            Enumerable.Range(0, Clients).Select(number => HostilePeer.MeetAsync(attack.Site, $"sctp-{number}")));
        foreach (HostilePeer peer in peers)
            await peer.AssociateAsync();
        await Task.WhenAll(peers.Select(peer => peer.RepeatAsync(attack, PerSecond, (number, now) =>
        {
            Span<byte> buffer = stackalloc byte[1_150];
            var writer = new SctpPacketWriter(buffer, NegotiationDefaults.SctpPort, NegotiationDefaults.SctpPort, peer.Dtls.RemoteTag);
            write(ref writer, peer, number);
            peer.Dtls.Inject(writer.Finish(), now);
        })));
        attack.Load = $"{attack.Number} packets of {Clients} participants";
        foreach (HostilePeer peer in peers)
            await peer.LeaveAsync();
    }

    private static void WriteBroken(ref SctpPacketWriter writer, HostilePeer peer, int number)
    {
        Span<byte> chunk = writer.Append((SctpChunkType)(number % 256), (byte)number, number % 64);
        RandomNumberGenerator.Fill(chunk);
        Span<byte> broken = writer.Append(SctpChunkType.Data, 3, 60);
        // The length of a chunk is told where the writer has put it: 0 to 3, and longer than the packet.
        RandomNumberGenerator.Fill(broken);
        for (int at = 0; at + 4 <= broken.Length; at += 4)
            BinaryPrimitives.WriteUInt32BigEndian(broken[at..], (uint)(number % 8));
    }

    private static void WriteJump(ref SctpPacketWriter writer, HostilePeer peer, int number)
    {
        uint far = peer.Dtls.InitialTsn.Value + (uint)(number * 104_729L);
        switch (number % 3)
        {
            case 0:
                Span<byte> forward = writer.Append(SctpChunkType.ForwardTsn, 0, 4 + (4 * 32));
                RandomNumberGenerator.Fill(forward);
                BinaryPrimitives.WriteUInt32BigEndian(forward, far);
                break;
            case 1:
                WriteData(ref writer, new Tsn(far), (ushort)number, isFirst: true, isLast: true);
                break;
            default:
                const int Blocks = 200;
                Span<byte> sack = writer.Append(SctpChunkType.Sack, 0, 12 + (4 * Blocks));
                RandomNumberGenerator.Fill(sack);
                BinaryPrimitives.WriteUInt16BigEndian(sack[8..], Blocks);
                BinaryPrimitives.WriteUInt16BigEndian(sack[10..], 0);
                break;
        }
    }

    private static void WriteFragment(ref SctpPacketWriter writer, HostilePeer peer, int number) =>
        WriteData(
            ref writer, new Tsn(peer.Dtls.InitialTsn.Value + (uint)(2 * number)), (ushort)(number % 100), isFirst: true, isLast: false);

    private static void WriteInit(ref SctpPacketWriter writer, HostilePeer peer, int number)
    {
        if (number % 2 == 0)
        {
            RandomNumberGenerator.Fill(writer.Append(SctpChunkType.Heartbeat, 0, DataBytes));
            return;
        }
        var parameters = new InitParameters(
            (uint)number, uint.MaxValue, ushort.MaxValue, ushort.MaxValue, new Tsn((uint)number), true, true);
        Span<byte> init = writer.Append(SctpChunkType.Init, 0, InitParameters.FieldsLength + InitParameters.ExtensionsLength);
        parameters.WriteFields(init);
        InitParameters.WriteExtensions(init[InitParameters.FieldsLength..]);
    }

    private static void WriteData(ref SctpPacketWriter writer, Tsn tsn, ushort stream, bool isFirst, bool isLast) => new DataChunk
    {
        Tsn = tsn,
        StreamId = stream,
        StreamSequence = new SequenceNumber(0),
        Protocol = PayloadProtocol.Binary,
        IsFirst = isFirst,
        IsLast = isLast,
        UserData = new byte[DataBytes],
    }.Write(ref writer);

    /// <summary>Everybody in the room is sent data by the control API; one of them acknowledges none of it.</summary>
    private static async Task ReaderAsync(OngoingAttack attack)
    {
        HostilePeer peer = await HostilePeer.MeetAsync(attack.Site, "no-reader");
        await peer.AssociateAsync();
        await peer.OnLoopAsync(_ => peer.Dtls.IsSilent = true);
        using HttpClient client = AttackClient.From(OngoingAttack.NextAddress(), attack.Site.Server.Address);
        client.DefaultRequestHeaders.Authorization = new("Bearer", attack.Site.Server.SignToken("", "back-end", "nodeAdmin"));
        var message = new
        {
            room = Call.Room,
            data = Convert.ToBase64String(new byte[40_000]),
            kind = "DATA_PACKET_KIND_RELIABLE",
            destinationIdentities = new[] { "no-reader" }
        };
        int refused = 0;
        while (attack.GoesOn(attack.Number > 0))
        {
            using HttpResponseMessage response =
                await client.PostAsJsonAsync("/mediagateway.v1.ParticipantService/SendData", message);
            attack.Require((int)response.StatusCode < 500, $"SendData answered {(int)response.StatusCode}");
            if (response.IsSuccessStatusCode)
                attack.Count();
            else
                refused++;
        }
        attack.Load = $"{attack.Number} messages of 40 kB for one who acknowledges none, {refused} refused";
        attack.Require(attack.Number > 0, "no message was sent");
        await peer.LeaveAsync();
    }
}
