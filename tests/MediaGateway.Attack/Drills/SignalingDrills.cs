using System.Net.WebSockets;
using Google.Protobuf;
using MediaGateway.Attack.Running;
using MediaGateway.Attack.Senders;
using MediaGateway.Server.Signaling.Messages;

namespace MediaGateway.Attack.Drills;

/// <summary>WebSockets of participants who are let in and misbehave.</summary>
internal static class SignalingDrills
{
    private const string Threat = "Signaling connections";

    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(3);

    public static IReadOnlyList<Drill> List =>
    [
        new("WebSockets that say nothing", Threat, IdleAsync),
        new("WebSockets that flood", Threat, attack => SpeakAsync(attack, reads: true)),
        new("WebSockets that ask and do not read", Threat, attack => SpeakAsync(attack, reads: false)),
        new("A message that never ends, in fragments", Threat, EndlessAsync),
        new("Joins as fast as they go", Threat, JoinsAsync),
    ];

    /// <summary>A connection from an address of its own, in a room of its own unless one is named.</summary>
    private static async Task<ClientWebSocket> OpenAsync(OngoingAttack attack, string identity, string room)
    {
        var socket = new ClientWebSocket();
        string token = attack.Site.Server.SignToken(room, identity, "canPublish", "canSubscribe");
        socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
        using var invoker = new HttpMessageInvoker(AttackClient.HandlerFrom(OngoingAttack.NextAddress()));
        await socket.ConnectAsync(
            new Uri(attack.Site.Server.SignalAddress, "/rtc?sdk=go&protocol=16&auto_subscribe=1"), invoker, CancellationToken.None);
        return socket;
    }

    private static async Task IdleAsync(OngoingAttack attack)
    {
        const int Sockets = 100;
        ClientWebSocket[] sockets = await Task.WhenAll(
            Enumerable.Range(0, Sockets).Select(number => OpenAsync(attack, $"idle-{number}", $"idle-{number % 20}")));
        await Task.Delay(attack.Duration);
        foreach (ClientWebSocket socket in sockets)
            socket.Dispose();
        attack.Load = $"{Sockets} connections, cut without a close";
    }

    private static async Task SpeakAsync(OngoingAttack attack, bool reads)
    {
        const int Sockets = 4;
        int closed = 0;
        using var ended = new CancellationTokenSource();
        var track = new AddTrackRequest { Cid = "a", Name = new string('n', 250), Type = TrackType.Video };
        byte[] question = (reads ? new SignalRequest { Ping = 1 } : new SignalRequest { AddTrack = track }).ToByteArray();
        await Task.WhenAll(Enumerable.Range(0, Sockets).Select(async number =>
        {
            for (int round = 0; attack.GoesOn(closed > 0); round++)
            {
                using ClientWebSocket socket = await OpenAsync(attack, $"flood-{number}-{round}", $"flood-{number}");
                Task reading = reads ? DrainAsync(socket) : Task.Delay(Timeout.Infinite, ended.Token);
                if (await SendUntilClosedAsync(attack, socket, question, isWhole: true, reading, () => attack.GoesOn(closed > 0)))
                    Interlocked.Increment(ref closed);
                socket.Abort();
            }
        }));
        await ended.CancelAsync();
        attack.Load = $"{attack.Number} messages of {Sockets} participants, closed {closed} times";
        attack.Require(closed > 0, "nobody who flooded was closed");
    }

    private static async Task EndlessAsync(OngoingAttack attack)
    {
        const int Sockets = 8;
        byte[] part = new byte[16 * 1024];
        int closed = 0;
        await Task.WhenAll(Enumerable.Range(0, Sockets).Select(async number =>
        {
            using ClientWebSocket socket = await OpenAsync(attack, $"endless-{number}", "endless");
            Task reading = DrainAsync(socket);
            if (await SendUntilClosedAsync(attack, socket, part, isWhole: false, reading, () => attack.GoesOn(closed > 0)))
                Interlocked.Increment(ref closed);
            socket.Abort();
        }));
        attack.Load = $"{attack.Number} parts of 16 KiB of {Sockets} messages, closed {closed}";
        attack.Require(closed > 0, "no message without an end was closed");
    }

    private static async Task JoinsAsync(OngoingAttack attack)
    {
        const int Sources = 4;
        int refused = 0;
        await Task.WhenAll(Enumerable.Range(0, Sources).Select(async number =>
        {
            using HttpClient client = AttackClient.From(OngoingAttack.NextAddress(), attack.Site.Server.Address);
            for (int i = 0; attack.GoesOn(refused > 0); i++)
            {
                string token = attack.Site.Server.SignToken($"rush-{number}", $"rush-{i}", "canSubscribe");
                using HttpResponseMessage response = await client.GetAsync("/rtc/validate?access_token=" + token);
                attack.Count();
                attack.Require((int)response.StatusCode is 200 or 429, $"a join was answered {(int)response.StatusCode}");
                if ((int)response.StatusCode == 429)
                    Interlocked.Increment(ref refused);
            }
        }));
        attack.Load = $"{attack.Number} joins from {Sources} addresses, {refused} refused";
        attack.Require(refused > 0, "no join was refused");
    }

    /// <summary>Sends the same again and again, as a message or a part of one that never ends.</summary>
    /// <returns>Whether the gateway has closed, or has taken nothing for long.</returns>
    private static async Task<bool> SendUntilClosedAsync(
        OngoingAttack attack, ClientWebSocket socket, byte[] message, bool isWhole, Task reading, Func<bool> goesOn)
    {
        try
        {
            while (!reading.IsCompleted && goesOn())
            {
                await socket.SendAsync(message, WebSocketMessageType.Binary, isWhole, CancellationToken.None).WaitAsync(SendLimit);
                attack.Count();
            }
        }
        catch (Exception end) when (end is WebSocketException or TimeoutException)
        {
            return true;
        }
        return reading.IsCompleted;
    }

    private static async Task DrainAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while ((await socket.ReceiveAsync(buffer, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception end) when (end is WebSocketException or OperationCanceledException)
        {
        }
    }
}
