using Echo.V1;
using Google.Protobuf;
using Grpc.Core;

namespace MediaGateway.Server.Tests.Connect;

/// <summary>Calls by gRPC over HTTP/2, through the bounds and the middleware that calls of the control API pass.</summary>
public sealed class CallTests(EchoServer server) : IClassFixture<EchoServer>
{
    private readonly EchoService.EchoServiceClient _client = server.Connect();

    [Fact]
    public async Task Unary_call_carries_headers_trailers_and_bytes()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        AsyncUnaryCall<SayResponse> call = _client.SayAsync(
            new SayRequest { Text = "Grüße" }, new Metadata { { "ask", "told" }, { "bytes-bin", bytes } });

        Assert.Equal("Grüße", (await call).Text);
        Assert.Equal("told", (await call.ResponseHeadersAsync).GetValue("header"));
        Assert.Equal("kept", call.GetTrailers().GetValue("trailer"));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Contains("/echo.v1.EchoService/Say", server.Calls.Seen);
    }

    [Fact]
    public async Task Streams_flow_both_ways()
    {
        using AsyncServerStreamingCall<SayResponse> repeat = _client.Repeat(new SayRequest { Text = "again", Count = 100 });
        Assert.Equal(Enumerable.Range(0, 100),
            (await repeat.ResponseStream.ReadAllAsync().ToListAsync()).Select(response => response.Number));

        using AsyncClientStreamingCall<SayRequest, SayResponse> collect = _client.Collect();
        foreach (string text in (string[])["one", "two", "three"])
            await collect.RequestStream.WriteAsync(new SayRequest { Text = text });
        await collect.RequestStream.CompleteAsync();
        Assert.Equal("one two three", (await collect).Text);

        using AsyncDuplexStreamingCall<SayRequest, SayResponse> chat = _client.Chat();
        for (int i = 0; i < 20; i++)
        {
            await chat.RequestStream.WriteAsync(new SayRequest { Text = $"{i}" });
            Assert.True(await chat.ResponseStream.MoveNext());
            Assert.Equal($"{i}", chat.ResponseStream.Current.Text);
        }
        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Every_status_arrives_with_its_message_and_trailers()
    {
        foreach (StatusCode code in Enum.GetValues<StatusCode>().Where(code => code != StatusCode.OK))
        {
            RpcException failure = await Assert.ThrowsAsync<RpcException>(async () =>
                await _client.SayAsync(new SayRequest { Fail = (int)code, Text = "Größe 100 %" }));
            Assert.Equal((code, "Größe 100 %", "asked"), (failure.StatusCode, failure.Status.Detail, failure.Trailers.GetValue("why")));
        }
    }

    [Fact]
    public async Task Status_after_messages_arrives_behind_them()
    {
        using AsyncServerStreamingCall<SayResponse> call = _client.Repeat(new SayRequest { Count = 3, Fail = (int)StatusCode.Aborted });
        List<SayResponse> received = [];
        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (SayResponse response in call.ResponseStream.ReadAllAsync())
                received.Add(response);
        });
        Assert.Equal((3, StatusCode.Aborted), (received.Count, failure.StatusCode));
    }

    [Fact]
    public async Task Bug_is_logged_once_and_told_to_nobody()
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await _client.SayAsync(new SayRequest { Fail = -1 }));

        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
        Assert.DoesNotContain("secret", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Single(server.Faults.Logged, text => text.Contains("Say", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deadline_ends_the_call_at_the_server_too()
    {
        long before = Environment.TickCount64;
        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await _client.SayAsync(new SayRequest { DelayMs = 60_000 }, deadline: DateTime.UtcNow.AddMilliseconds(200)));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.InRange(Environment.TickCount64 - before, 150, 5_000);
    }

    [Fact]
    public async Task Cancelled_call_ends()
    {
        using var cancellation = new CancellationTokenSource();
        AsyncServerStreamingCall<SayResponse> call =
            _client.Repeat(new SayRequest { Count = 1, DelayMs = 60_000 }, cancellationToken: cancellation.Token);
        Assert.True(await call.ResponseStream.MoveNext());
        await cancellation.CancelAsync();

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    [Fact]
    public async Task Messages_have_their_limit()
    {
        byte[] data = new byte[EchoServer.MaxMessage - 100];
        Random.Shared.NextBytes(data);
        Assert.Equal(data, (await _client.SayAsync(new SayRequest { Data = ByteString.CopyFrom(data) })).Data);

        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await _client.SayAsync(new SayRequest { Data = ByteString.CopyFrom(new byte[EchoServer.MaxMessage]) }));
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact]
    public async Task Thousand_streams_at_once_all_end_well()
    {
        int[] counts = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async _ =>
        {
            using AsyncServerStreamingCall<SayResponse> call = _client.Repeat(new SayRequest { Count = 5, DelayMs = 100 });
            return await call.ResponseStream.ReadAllAsync().CountAsync();
        }));
        Assert.All(counts, count => Assert.Equal(5, count));
    }

    [Fact]
    public async Task Deadlines_and_cancels_at_random_lose_no_status()
    {
        var random = new Random(1);
        int[] delays = [.. Enumerable.Range(0, 600).Select(_ => random.Next(1, 12))];
        await Parallel.ForEachAsync(delays, new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (delay, _) =>
        {
            RpcException? failure = await Record.ExceptionAsync(async () => await _client.SayAsync(
                new SayRequest { DelayMs = 6 }, deadline: DateTime.UtcNow.AddMilliseconds(delay))) as RpcException;
            Assert.True(failure is null or { StatusCode: StatusCode.DeadlineExceeded } || IsRaceOfClient(failure), $"{failure}");
        });
        Assert.Equal("still there", (await _client.SayAsync(new SayRequest { Text = "still there" })).Text);

        // Grpc.Net.Client says so when the deadline comes between a response's headers and the reading of its body.
        static bool IsRaceOfClient(RpcException failure) =>
            failure is { StatusCode: StatusCode.Internal, Status.DebugException: ObjectDisposedException };
    }
}
