using System.Security.Cryptography;
using System.Text;
using MediaGateway.Attack.Calls;
using MediaGateway.Attack.Running;
using MediaGateway.Attack.Senders;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Attack.Drills;

/// <summary>Floods of connectivity checks, which anybody may send.</summary>
internal static class StunDrills
{
    private const int Sources = 16;
    private const double PerSecond = 20_000;

    public static IReadOnlyList<Drill> List =>
    [
        new("STUN without integrity", "STUN reflection and amplification", attack => FloodAsync(attack, _ => "", isSigned: false)),
        new("STUN, unknown fragments", "STUN reflection and amplification", attack => FloodAsync(attack, Random, isSigned: true)),
        new("STUN, the call's fragment, wrong password", "STUN reflection and amplification",
            attack => FloodAsync(attack, _ => UserName(attack.Site.Call.Victim), isSigned: true)),
        new("STUN, the same from the publisher's address", "STUN reflection and amplification", ForgeAsync),
        new("Garbage of 0 to 1,400 bytes", "Short, oversized and lying packets", attack => Stranger.FloodAsync(attack, Sources, PerSecond,
            number => RandomNumberGenerator.GetBytes(number % 1400))),
    ];

    private static Task FloodAsync(OngoingAttack attack, Func<int, string> userName, bool isSigned)
    {
        byte[][] checks = [.. Enumerable.Range(0, 512).Select(number => Check(userName(number), isSigned))];
        return Stranger.FloodAsync(attack, Sources, PerSecond, number => checks[number % checks.Length]);
    }

    /// <summary>Checks that seem to come along the publisher's own proven path.</summary>
    private static async Task ForgeAsync(OngoingAttack attack)
    {
        Victim victim = attack.Site.Call.Victim;
        using var sender = new ForgedSender(victim.Client, victim.Gateway);
        byte[][] checks = [.. Enumerable.Range(0, 512).Select(_ => Check(UserName(victim), isSigned: true))];
        await attack.RepeatAsync(PerSecond, number =>
        {
            sender.Send(checks[number % checks.Length]);
            attack.Count();
        });
        attack.Load = $"{attack.Number} datagrams";
    }

    private static string Random(int number) => $"{Convert.ToHexString(RandomNumberGenerator.GetBytes(6))}:abcd";

    private static string UserName(Victim victim) => $"{victim.GatewayFragment}:{victim.ClientFragment}";

    private static byte[] Check(string userName, bool isSigned)
    {
        byte[] buffer = new byte[256];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding,
            StunTransactionId.Read(RandomNumberGenerator.GetBytes(12)));
        if (userName.Length > 0)
            writer.Add(StunAttributeType.Username, Encoding.ASCII.GetBytes(userName));
        writer.AddPriority(1);
        writer.AddTieBreaker(StunAttributeType.IceControlling, 1);
        writer.AddUseCandidate();
        if (isSigned)
            writer.AddMessageIntegrity("a password that is wrong"u8);
        writer.AddFingerprint();
        return buffer[..writer.Length];
    }
}
