using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Http;

/// <summary>Bodies over HTTP/2 that are refused before their end.</summary>
public sealed class StreamEndTests
{
    [Theory]
    [InlineData("/whip/stage", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/whep/stage", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/twirp/livekit.RoomService/CreateRoom", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/mediagateway.v1.RoomService/CreateRoom", HttpStatusCode.TooManyRequests)]
    public async Task Each_has_its_answer_and_the_connection_lasts(string path, HttpStatusCode status)
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(
            ("Control:MaxMessageBytes", "65536"), ("Limits:HttpBurstPerSource", "10000"));
        int connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                connections++;
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler);
        // More than the resets for which Kestrel would close the connection.
        for (int i = 0; i < 100; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(gateway.ControlUrl), path))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(new byte[1024 * 1024]),
            };
            request.Content.Headers.ContentType =
                new MediaTypeHeaderValue(path.StartsWith("/wh", StringComparison.Ordinal) ? "application/sdp" : "application/json");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestGateway.Token());
            using HttpResponseMessage response = await client.SendAsync(request);

            Assert.Equal(status, response.StatusCode);
        }
        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task Body_over_a_slow_line_is_read_to_its_end()
    {
        const int Attempts = 10;
        await using ControlGateway gateway = await ControlGateway.StartAsync(("Limits:HttpBurstPerSource", "10000"));
        using var client = new HttpClient();
        for (int attempt = 1; ; attempt++)
        {
            using var body = new SlowContent();
            try
            {
                await SendAsync(client, new Uri(new Uri(gateway.ControlUrl), "/whip/stage"), body);
                return;
            }
            catch (Exception end) when (end is HttpRequestException or IOException or OperationCanceledException
                && body.LongestPause > SlowContent.Silence && attempt < Attempts)
            {
                // A machine with other things to do has held the client up for as long as silence is borne.
            }
        }
    }

    private static async Task SendAsync(HttpClient client, Uri address, SlowContent body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        body.Headers.ContentType = new MediaTypeHeaderValue("application/sdp");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestGateway.Token());

        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        await body.Written.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>A body of a megabyte and a half that takes two and a half seconds.</summary>
    private sealed class SlowContent : HttpContent
    {
        /// <summary>Pause from which on the gateway may have taken the client for silent.</summary>
        public static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(700);

        private const int Parts = 25;
        private const int PartBytes = 64 * 1024;

        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes with the last part, or fails with what ended the body before.</summary>
        public Task Written => _written.Task;

        public TimeSpan LongestPause { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            long last = Stopwatch.GetTimestamp();
            try
            {
                for (int part = 0; part < Parts; part++)
                {
                    await Task.Delay(Pause);
                    await stream.WriteAsync(new byte[PartBytes]);
                    await stream.FlushAsync();
                    NotePauseSince(last);
                    last = Stopwatch.GetTimestamp();
                }
                _written.SetResult();
            }
            catch (Exception end)
            {
                NotePauseSince(last);
                _written.SetException(end);
                throw;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        private void NotePauseSince(long last)
        {
            TimeSpan pause = Stopwatch.GetElapsedTime(last);
            LongestPause = pause > LongestPause ? pause : LongestPause;
        }
    }
}
