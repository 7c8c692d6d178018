using System.Net;
using System.Net.Sockets;
using MediaGateway.Attack.Calls;
using MediaGateway.Attack.Running;
using MediaGateway.Attack.Senders;

namespace MediaGateway.Attack.Drills;

/// <summary>HTTP/1.1 from clients who take their time, and from those who have none.</summary>
internal static class HttpDrills
{
    private const string Threat = "Request floods and large bodies";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    /// <summary>The shortened deadlines of the site, Kestrel's grace for bodies (5 s), and its timer's second.</summary>
    private static readonly TimeSpan HeaderLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BodyLimit = TimeSpan.FromSeconds(18);

    public static IReadOnlyList<Drill> List =>
    [
        new("Slow headers", Threat, attack => SlowlyAsync(attack, "GET / HTTP/1.1\r\nHost: x\r\n", "X-A: b\r\n", HeaderLimit)),
        new("Slow bodies", Threat, SlowBodiesAsync),
        new("Connections that say nothing", Threat, attack => SlowlyAsync(attack, "", "", HeaderLimit)),
        new("Requests as fast as they go", Threat, FloodAsync),
        new("Thousands of connections", Threat, ConnectAsync),
    ];

    private static Task SlowBodiesAsync(OngoingAttack attack)
    {
        string token = attack.Site.Server.SignToken(Call.Stream, "slow", "canSubscribe");
        return SlowlyAsync(attack, $"POST /whep/{Call.Stream} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            + "Content-Type: application/sdp\r\nContent-Length: 60000\r\n\r\n", "v", BodyLimit);
    }

    /// <summary>Connections that send a byte or a header now and then, and have to be cut off by the gateway.</summary>
    private static async Task SlowlyAsync(OngoingAttack attack, string begin, string more, TimeSpan limit)
    {
        const int Connections = 500;
        const int PerAddress = 50;
        IPAddress[] addresses = [.. Enumerable.Range(0, Connections / PerAddress).Select(_ => OngoingAttack.NextAddress())];
        Socket[] sockets = await Task.WhenAll(Enumerable.Range(0, Connections)
            .Select(number => AttackClient.ConnectAsync(addresses[number / PerAddress], attack.Site.Server.Address)));
        bool[] ended = await Task.WhenAll(sockets.Select(async socket =>
        {
            Task<bool> end = AttackClient.EndsWithinAsync(socket, limit);
            await AttackClient.TrySendAsync(socket, begin);
            while (!end.IsCompleted && more.Length > 0 && await AttackClient.TrySendAsync(socket, more))
                await Task.WhenAny(Task.Delay(Step), end);
            return await end;
        }));
        attack.Load = $"{Connections} connections, all cut off by the gateway";
        attack.Require(ended.All(isEnded => isEnded),
            $"{ended.Count(isEnded => !isEnded)} of {Connections} connections were still open after {limit.TotalSeconds:F0} s");
        foreach (Socket socket in sockets)
            socket.Dispose();
    }

    private static async Task FloodAsync(OngoingAttack attack)
    {
        const int Clients = 8;
        int refused = 0;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            using HttpClient client = AttackClient.From(OngoingAttack.NextAddress(), attack.Site.Server.Address);
            while (attack.GoesOn(refused > 0))
            {
                using HttpResponseMessage response = await client.PostAsync("/whip/flood", new StringContent("v=0"));
                attack.Count();
                attack.Require((int)response.StatusCode is >= 400 and < 500, $"a request was answered {(int)response.StatusCode}");
                if (response.StatusCode == HttpStatusCode.TooManyRequests)
                    Interlocked.Increment(ref refused);
            }
        }));
        attack.Load = $"{attack.Number} requests from {Clients} addresses, {refused} refused with 429";
        attack.Require(refused > 0, "no request was refused with 429");
    }

    private static async Task ConnectAsync(OngoingAttack attack)
    {
        const int Connections = 3_000;
        const int PerAddress = 1_000;
        List<Socket> sockets = [];
        IPAddress address = OngoingAttack.NextAddress();
        for (int i = 0; i < Connections; i++)
        {
            if (i % PerAddress == 0)
                address = OngoingAttack.NextAddress();
            sockets.Add(await AttackClient.ConnectAsync(address, attack.Site.Server.Address));
        }
        await Task.Delay(attack.Duration / 2);
        foreach (Socket socket in sockets)
            socket.Dispose();
        attack.Load = $"{Connections} connections, cut by their clients";
    }
}
