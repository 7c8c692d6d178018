using System.Security.Cryptography;
using MediaGateway.Attack.Calls;
using MediaGateway.Attack.Running;
using MediaGateway.Attack.Senders;

namespace MediaGateway.Attack.Drills;

/// <summary>Handshakes that nobody asked for, and records that nobody of the call wrote.</summary>
internal static class DtlsDrills
{
    private const int HelloKinds = 64;
    private const double PerSecond = 20_000;

    public static IReadOnlyList<Drill> List =>
    [
        new("ClientHellos from strangers", "DTLS ClientHello race", HellosFromStrangersAsync),
        new("ClientHellos from the publisher's address", "DTLS ClientHello race", ForgeHellosAsync),
        new("ClientHellos along a proven path", "Handshake floods", HellosFromAClientAsync),
        new("Forged records from the publisher's address", "Forged DTLS record ends an established call", ForgeRecordsAsync),
        new("Sessions that never check", "Handshake state exhaustion", attack => HalfOpenAsync(attack, isChecking: false)),
        new("Sessions that check and never shake hands", "Handshake state exhaustion", attack => HalfOpenAsync(attack, isChecking: true)),
    ];

    private static byte[][] HellosOf(OngoingAttack attack) => Hellos.Make(attack.Site.Setup.Dtls, HelloKinds, attack.Site.Setup.Clock);

    private static Task HellosFromStrangersAsync(OngoingAttack attack)
    {
        byte[][] hellos = HellosOf(attack);
        return Stranger.FloodAsync(attack, sources: 16, PerSecond, number => hellos[number % HelloKinds]);
    }

    private static Task ForgeHellosAsync(OngoingAttack attack)
    {
        byte[][] hellos = HellosOf(attack);
        return ForgeAsync(attack, number => hellos[number % HelloKinds]);
    }

    /// <summary>Records of the established epoch, short and long, and plaintext ones: alerts, handshakes, application data.</summary>
    private static Task ForgeRecordsAsync(OngoingAttack attack) => ForgeAsync(attack, number =>
    {
        ReadOnlySpan<byte> kinds = [20, 21, 22, 23, 24];
        int length = number % 48;
        byte[] record = RandomNumberGenerator.GetBytes(13 + length);
        record[0] = kinds[number % kinds.Length];
        (record[1], record[2]) = (0xFE, 0xFD);
        (record[3], record[4]) = (0, (byte)(number / 64 % 2));
        (record[11], record[12]) = (0, (byte)length);
        return record;
    });

    private static async Task ForgeAsync(OngoingAttack attack, Func<int, byte[]> datagram)
    {
        Victim victim = attack.Site.Call.Victim;
        using var sender = new ForgedSender(victim.Client, victim.Gateway);
        await attack.RepeatAsync(PerSecond / 2, number =>
        {
            sender.Send(datagram(number));
            attack.Count();
        });
        attack.Load = $"{attack.Number} datagrams";
    }

    /// <summary>Clients that are let in, prove their path and begin their handshake over and over.</summary>
    private static async Task HellosFromAClientAsync(OngoingAttack attack)
    {
        const int Clients = 4;
        const int PerSecond = 2_000;
        byte[][] hellos = HellosOf(attack);
        HostilePeer[] peers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => HostilePeer.WatchAsync(attack.Site)));
        foreach (HostilePeer peer in peers)
            await peer.OnLoopAsync(now => peer.Attach(attack.Site.Loop, now));
        await Task.WhenAll(peers.Select(peer =>
            peer.RepeatAsync(attack, PerSecond, (number, _) => peer.SendRaw(hellos[number % HelloKinds]))));
        attack.Load = $"{attack.Number} datagrams of {Clients} clients";
        foreach (HostilePeer peer in peers)
            await peer.LeaveAsync();
    }

    /// <summary>Opens as many sessions as come in, each from a source of its own so that no budget of one is what holds them up.</summary>
    private static async Task HalfOpenAsync(OngoingAttack attack, bool isChecking)
    {
        const int Sources = 20;
        int refused = 0;
        HttpClient[] clients =
            [.. Enumerable.Range(0, Sources).Select(_ => AttackClient.From(OngoingAttack.NextAddress(), attack.Site.Server.Address))];
        List<HalfOpenClient> open = [];
        await Task.WhenAll(clients.Select(async client =>
        {
            while (attack.GoesOn(attack.Number > 0))
            {
                HalfOpenClient half = new(attack.Site);
                if (await half.TryOpenAsync(client))
                {
                    attack.Count();
                    if (isChecking)
                        await half.CheckAsync();
                    lock (open)
                        open.Add(half);
                }
                else
                {
                    Interlocked.Increment(ref refused);
                    half.Dispose();
                    await Task.Delay(20);
                }
            }
        }));
        attack.Load = $"{attack.Number} sessions, {refused} refused";
        attack.Require(attack.Number > 0, "no session was let in");
        foreach (HalfOpenClient half in open)
            half.Dispose();
        foreach (HttpClient client in clients)
            client.Dispose();
    }
}
