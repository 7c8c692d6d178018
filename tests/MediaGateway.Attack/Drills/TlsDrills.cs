using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using MediaGateway.Attack.Calls;
using MediaGateway.Attack.Running;
using MediaGateway.Attack.Senders;

namespace MediaGateway.Attack.Drills;

/// <summary>The listeners when they speak TLS (RFC 8446): handshakes, records, and within them what is tried without TLS too.</summary>
internal static class TlsDrills
{
    private const string Threat = "Request floods and large bodies";

    private const int Handshakes = 500;
    private const int Requests = 200;
    private const int PerAddress = 50;

    /// <summary>
    /// Memory that may stay of the first connections over TLS, of which OpenSSL's allocator and Kestrel's pool keep theirs for the next:
    /// of 700, 20 to 28 MiB were seen.
    /// </summary>
    private const long KeptBytes = 48L << 20;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    /// <summary>The shortened deadline of the site, and Kestrel's timer's second.</summary>
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<Drill> List =>
    [
        // Both wait for deadlines of the gateway's, so they wait together.
        new("TLS handshakes that never end, headers within TLS that never do", Threat, async attack =>
        {
            await Task.WhenAll(HoldAsync(attack), SlowlyAsync(attack));
            attack.Load = $"{Handshakes + Requests} connections, all cut off by the gateway";
        }) { Confines = Confines.Tls, MemoryBound = KeptBytes },
        new("TLS handshakes as fast as they go", Threat, ShakeAsync) { Confines = Confines.Tls },
        new("TLS records that are none", Threat, SendGarbageAsync) { Confines = Confines.Tls },
        .. Http2Drills.Over("HTTP/2 over TLS,", $"/whep/{Call.Stream}", Confines.Tls, async attack => await AttackClient.ConnectTlsAsync(
            OngoingAttack.NextAddress(), attack.Site.Server.Address, SslApplicationProtocol.Http2)),
    ];

    /// <summary>Clients that begin a handshake, byte by byte or with a whole ClientHello, and do not finish it.</summary>
    private static async Task HoldAsync(OngoingAttack attack)
    {
        byte[] hello = await ClientHelloAsync();
        IPAddress[] addresses = [.. Enumerable.Range(0, Handshakes / PerAddress).Select(_ => OngoingAttack.NextAddress())];
        Socket[] sockets = await Task.WhenAll(Enumerable.Range(0, Handshakes)
            .Select(number => AttackClient.ConnectAsync(addresses[number / PerAddress], attack.Site.Server.Address)));
        bool[] ended = await Task.WhenAll(sockets.Select(async (socket, number) =>
        {
            Task<bool> end = AttackClient.EndsWithinAsync(socket, HandshakeLimit);
            bool isSlow = number % 2 == 0;
            await AttackClient.TrySendAsync(socket, isSlow ? hello.AsMemory(0, 5) : hello);
            for (int next = 5; isSlow && !end.IsCompleted && next < hello.Length - 1; next++)
            {
                if (!await AttackClient.TrySendAsync(socket, hello.AsMemory(next, 1)))
                    break;
                await Task.WhenAny(Task.Delay(Step), end);
            }
            return await end;
        }));
        attack.Require(ended.All(isEnded => isEnded),
            $"{ended.Count(isEnded => !isEnded)} of {Handshakes} handshakes were still open after {HandshakeLimit.TotalSeconds:F0} s");
        foreach (Socket socket in sockets)
            socket.Dispose();
    }

    /// <summary>Whole handshakes, each with a signature of the gateway's, and nothing after them.</summary>
    private static async Task ShakeAsync(OngoingAttack attack)
    {
        const int Clients = 8;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            IPAddress address = OngoingAttack.NextAddress();
            while (!attack.IsOver)
            {
                await using SslStream stream =
                    await AttackClient.ConnectTlsAsync(address, attack.Site.Server.Address, SslApplicationProtocol.Http11);
                attack.Count();
            }
        })));
        attack.Load = $"{attack.Number} handshakes of {Clients} clients";
    }

    /// <summary>Bytes that are no TLS, no ClientHello, or no record of the connection that was made.</summary>
    private static async Task SendGarbageAsync(OngoingAttack attack)
    {
        const int Clients = 8;
        int open = 0;
        byte[] hello = await ClientHelloAsync();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            for (int round = client; !attack.IsOver; round += Clients)
            {
                using Socket socket = await AttackClient.ConnectAsync(OngoingAttack.NextAddress(), attack.Site.Server.Address);
                await AttackClient.TrySendAsync(socket, Garbage(round, hello));
                attack.Count();
                if (!await AttackClient.EndsWithinAsync(socket, HandshakeLimit))
                    Interlocked.Increment(ref open);
            }
        })));
        attack.Load = $"{attack.Number} connections of 8 kinds, all ended by the gateway";
        attack.Require(open == 0, $"{open} connections with garbage stayed open");
    }

    private static ReadOnlyMemory<byte> Garbage(int round, byte[] hello) => (round % 8) switch
    {
        0 => RandomNumberGenerator.GetBytes(1_000),
        // Plain HTTP, and HTTP/2 with prior knowledge.
        1 => "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(),
        2 => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(),
        // SSL 2.0, and records that are longer than 2^14 bytes, of no known type, or alerts (RFC 8446 sections 5.1 and 6).
        3 => (byte[])[0x80, 0x2E, 1, 0, 2, 0, 21, 0, 0, 0, 16, .. RandomNumberGenerator.GetBytes(37)],
        4 => (byte[])[22, 3, 1, 0xFF, 0xFF, .. RandomNumberGenerator.GetBytes(0xFFFF)],
        5 => (byte[])[99, 3, 3, 0, 4, 1, 2, 3, 4],
        6 => (byte[])[21, 3, 1, 0, 2, 2, 40],
        // A ClientHello, and in place of its Finished a record that nobody has encrypted.
        _ => (byte[])[.. hello, 23, 3, 3, 1, 0, .. RandomNumberGenerator.GetBytes(256)],
    };

    private static async Task SlowlyAsync(OngoingAttack attack)
    {
        IPAddress[] addresses = [.. Enumerable.Range(0, Requests / PerAddress).Select(_ => OngoingAttack.NextAddress())];
        bool[] ended = await Task.WhenAll(Enumerable.Range(0, Requests).Select(async number =>
        {
            await using SslStream stream = await AttackClient.ConnectTlsAsync(
                addresses[number / PerAddress], attack.Site.Server.Address, SslApplicationProtocol.Http11);
            using var limit = new CancellationTokenSource(HandshakeLimit);
            try
            {
                await stream.WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n"u8.ToArray(), limit.Token);
                Task<int> end = stream.ReadAsync(new byte[4096], limit.Token).AsTask();
                while (!end.IsCompleted)
                {
                    await stream.WriteAsync("X-A: b\r\n"u8.ToArray(), limit.Token);
                    await Task.WhenAny(Task.Delay(Step, limit.Token), end);
                }
                await end;
                return true;
            }
            catch (IOException)
            {
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }));
        attack.Require(ended.All(isEnded => isEnded), $"{ended.Count(isEnded => !isEnded)} of {Requests} requests stayed open");
    }

    /// <summary>A ClientHello as a client of this platform writes it.</summary>
    private static async Task<byte[]> ClientHelloAsync()
    {
        var written = new MemoryStream();
        await using var stream = new SslStream(new WrittenStream(written));
        try
        {
            await stream.AuthenticateAsClientAsync("localhost");
        }
        catch (Exception end) when (end is IOException or AuthenticationException)
        {
            // Nobody answers.
        }
        return written.ToArray();
    }
}
