using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using MediaGateway.Attack.Running;
using MediaGateway.Attack.Senders;

namespace MediaGateway.Attack.Drills;

/// <summary>A machine that has hardly anything left: descriptors, and memory.</summary>
internal static class LimitDrills
{
    private const int Files = 512;
    private const long HeapBytes = 128L << 20;

    /// <summary>Time in which connections that have not got in must not keep a processor busy.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<Drill> List =>
    [
        new("Connections beyond the descriptors", "A machine at its limits", FilesAsync) { Confines = new Confines(Files, 0) },
        new("Long messages beyond the memory", "A machine at its limits", MemoryAsync)
        {
            Confines = new Confines(0, HeapBytes),
            // A hundred connections have had a megabyte each under way, in buffers that Kestrel gives back over minutes.
            MemoryBound = 64L << 20,
        },
    ];

    private static async Task FilesAsync(OngoingAttack attack)
    {
        const int Connections = 1_000;
        List<Socket> sockets = [];
        for (int i = 0; i < Connections; i++)
            sockets.Add(await AttackClient.ConnectAsync(IPAddress.Loopback, attack.Site.Server.Address));
        TimeSpan cpu = LoadTester.Measuring.ProcessUsage.Read(attack.Site.Server.ProcessId).Cpu;
        await Task.Delay(Wait);
        cpu = LoadTester.Measuring.ProcessUsage.Read(attack.Site.Server.ProcessId).Cpu - cpu;
        foreach (Socket socket in sockets)
            socket.Dispose();
        attack.Load = $"{Connections} connections at {Files} descriptors, busy for {cpu / Wait:P0} of the time";
        attack.Require(cpu < Wait / 2, $"that they wait took {cpu.TotalSeconds:F1} s of processor time");
    }

    /// <summary>Participants who have begun a message of the greatest length each, which the gateway has to hold until it ends.</summary>
    private static async Task MemoryAsync(OngoingAttack attack)
    {
        const int Sockets = 100;
        const int MessageBytes = 1_000_000;
        byte[] part = new byte[MessageBytes];
        List<ClientWebSocket> sockets = [];
        int refused = 0;
        for (int i = 0; i < Sockets; i++)
        {
            var socket = new ClientWebSocket();
            string token = attack.Site.Server.SignToken($"memory-{i}", $"m-{i}", "canPublish");
            socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
            using var invoker = new HttpMessageInvoker(AttackClient.HandlerFrom(OngoingAttack.NextAddress()));
            try
            {
                await socket.ConnectAsync(new Uri(attack.Site.Server.SignalAddress, "/rtc?sdk=go&protocol=16"), invoker, default)
                    .WaitAsync(TimeSpan.FromSeconds(3));
                sockets.Add(socket);
                await socket.SendAsync(part, WebSocketMessageType.Binary, false, default).WaitAsync(TimeSpan.FromSeconds(3));
                attack.Count(MessageBytes);
            }
            catch (Exception end) when (end is WebSocketException or TimeoutException)
            {
                refused++;
            }
        }
        await Task.Delay(attack.Duration);
        foreach (ClientWebSocket socket in sockets)
            socket.Dispose();
        attack.Load = $"{attack.Number / MessageBytes} MB of unfinished messages at a heap of {HeapBytes >> 20} MiB, {refused} refused";
    }
}
