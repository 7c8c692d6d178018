using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace MediaGateway.Attack.Calls;

/// <summary>The call's publisher as an attacker beside it sees it: the addresses of its packets and what is in them in the clear.</summary>
/// <param name="Client">The address that the publisher sends from.</param>
/// <param name="Gateway">The gateway's media port.</param>
/// <param name="ClientFragment">Its ICE username fragment.</param>
/// <param name="GatewayFragment">The gateway's for it.</param>
/// <param name="Sources">The SSRCs that it sends.</param>
internal sealed partial record Victim(IPEndPoint Client, IPEndPoint Gateway, string ClientFragment, string GatewayFragment, uint[] Sources)
{
    public static Victim Of(string offer, string answer) => new(
        AddressIn(offer), AddressIn(answer), Fragment().Match(offer).Groups[1].Value, Fragment().Match(answer).Groups[1].Value,
        [.. Source().Matches(offer).Select(match => uint.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Distinct()]);

    private static IPEndPoint AddressIn(string description)
    {
        Match candidate = Candidate().Match(description);
        int port = int.Parse(candidate.Groups[2].Value, CultureInfo.InvariantCulture);
        return new IPEndPoint(IPAddress.Parse(candidate.Groups[1].Value), port);
    }

    [GeneratedRegex(@"a=candidate:\S+ 1 udp \d+ ([\d.]+) (\d+) ", RegexOptions.IgnoreCase)]
    private static partial Regex Candidate();

    [GeneratedRegex(@"a=ice-ufrag:(\S+)")]
    private static partial Regex Fragment();

    [GeneratedRegex(@"a=ssrc:(\d+) ")]
    private static partial Regex Source();
}
