using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;
using Microsoft.Extensions.Logging;
using WebhookEvent = MediaGateway.Server.Twirp.Messages.WebhookEvent;

namespace MediaGateway.Server.Tests.Webhooks;

/// <summary>Receivers of webhooks that do what any program at the other end of a socket may do.</summary>
public sealed class HostileReceiverTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly byte[] Letters = [.. Enumerable.Repeat((byte)'a', 64 * 1024)];

    private readonly Channel<string> _told = Channel.CreateBounded<string>(100);
    private readonly RawReceiver _good;

    public HostileReceiverTests() => _good = new RawReceiver(async (stream, ended) =>
    {
        while (await RawReceiver.ReadRequestAsync(stream, ended) is { Length: > 0 } body)
        {
            await _told.Writer.WriteAsync(WebhookEvent.Parser.ParseJson(body).Event, ended);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), ended);
        }
    });

    [Fact]
    public async Task Receivers_that_take_nothing_are_tried_again_each_for_itself()
    {
        string[] behaviours =
        [
            "closes at once", "closes after the request", "resets", "has no status line", "has an endless status line",
            "has endless headers", "redirects to itself", "is too busy",
        ];
        using var logs = new RecordingLogs();
        RawReceiver[] hostile = Create(behaviours);
        try
        {
            // One that nobody listens at, and one whose name nobody knows.
            await using ControlGateway gateway = await StartAsync(
                logs, [.. hostile.Select(receiver => receiver.Url), "http://127.0.0.100:1/", "http://receiver.invalid/"]);
            await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "stage" }, ControlGateway.Admin);

            HashSet<string> waiting = [.. hostile.Select(receiver => new Uri(receiver.Url).Host), "127.0.0.100", "receiver.invalid"];
            while (waiting.Count > 0)
            {
                string line = (await logs.NextAsync(601)).Message;
                if (line.Contains("attempt 2:", StringComparison.Ordinal))
                    waiting.RemoveWhere(host => line.Contains($" {host},", StringComparison.Ordinal));
            }
            await AssertAllElseWorksAsync(gateway);
        }
        finally
        {
            Array.ForEach(hostile, receiver => receiver.Dispose());
        }
    }

    [Fact]
    public async Task Receivers_that_come_to_no_end_hold_up_nobody()
    {
        RawReceiver[] hostile = Create("never reads", "never answers", "answers a byte at a time", "has an endless body");
        try
        {
            await using ControlGateway gateway = await StartAsync(null, [.. hostile.Select(receiver => receiver.Url)]);

            await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "stage" }, ControlGateway.Admin);

            await Task.WhenAll(hostile.Select(receiver => receiver.Reached)).WaitAsync(Patience);
            await AssertAllElseWorksAsync(gateway);
        }
        finally
        {
            Array.ForEach(hostile, receiver => receiver.Dispose());
        }
    }

    public void Dispose() => _good.Dispose();

    /// <summary>Each has an address of its own, by which the log names it.</summary>
    private static RawReceiver[] Create(params string[] behaviours) => [.. behaviours.Select((behaviour, index) =>
        new RawReceiver((stream, ended) => MisbehaveAsync(behaviour, stream, ended), $"127.0.0.{index + 2}"))];

    private Task<ControlGateway> StartAsync(ILoggerProvider? logs, string[] hostile) => ControlGateway.StartAsync(
        logs, [.. hostile.Append(_good.Url).Select((url, index) => ($"Webhooks:Urls:{index}", url))]);

    /// <summary>The other URL is told everything, calls are answered, and the gateway stops in time.</summary>
    private async Task AssertAllElseWorksAsync(ControlGateway gateway)
    {
        await gateway.Rooms.DeleteRoomAsync(new DeleteRoomRequest { Name = "stage" }, ControlGateway.Admin);
        using var limit = new CancellationTokenSource(Patience);
        Assert.Equal("room_started", await _told.Reader.ReadAsync(limit.Token));
        Assert.Equal("room_finished", await _told.Reader.ReadAsync(limit.Token));
        Assert.Equal(HttpStatusCode.OK, (await gateway.Web.GetAsync(new Uri("/healthz", UriKind.Relative))).StatusCode);
        await gateway.StopAsync().WaitAsync(Patience);
    }

    private static async Task MisbehaveAsync(string behaviour, NetworkStream stream, CancellationToken ended)
    {
        if (behaviour is "closes at once")
            return;
        if (behaviour is "never reads")
            await Task.Delay(Timeout.Infinite, ended);
        await RawReceiver.ReadRequestAsync(stream, ended);
        switch (behaviour)
        {
            case "resets":
                stream.Socket.LingerState = new LingerOption(true, 0);
                break;
            case "has no status line":
                await stream.WriteAsync("SSH-2.0-OpenSSH_9.9\r\n"u8.ToArray(), ended);
                break;
            case "has an endless status line":
                await WriteForeverAsync(stream, "HTTP/1.1 200 "u8.ToArray(), Letters, ended);
                break;
            case "has endless headers":
                await WriteForeverAsync(stream, "HTTP/1.1 200 OK\r\n"u8.ToArray(), "X-A: a\r\n"u8.ToArray(), ended);
                break;
            case "has an endless body":
                await WriteForeverAsync(stream, "HTTP/1.1 500 No\r\n\r\n"u8.ToArray(), Letters, ended);
                break;
            case "redirects to itself":
                await stream.WriteAsync("HTTP/1.1 307 Again\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), ended);
                break;
            case "is too busy":
                await stream.WriteAsync("HTTP/1.1 503 Busy\r\nRetry-After: 9999999999\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), ended);
                break;
            case "answers a byte at a time":
                for (byte[] answer = [.. "HTTP/1.1 200 OK\r\n"u8, .. Letters]; answer.Length > 0; answer = answer[1..])
                {
                    await stream.WriteAsync(answer.AsMemory(0, 1), ended);
                    await Task.Delay(TimeSpan.FromSeconds(1), ended);
                }
                break;
            case "never answers":
                await Task.Delay(Timeout.Infinite, ended);
                break;
        }
    }

    private static async Task WriteForeverAsync(NetworkStream stream, byte[] first, byte[] again, CancellationToken ended)
    {
        await stream.WriteAsync(first, ended);
        while (true)
            await stream.WriteAsync(again, ended);
    }
}
