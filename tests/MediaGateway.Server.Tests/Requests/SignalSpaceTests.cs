using System.Net;
using System.Net.WebSockets;
using System.Text;
using Google.Protobuf;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Testing.Offers;

namespace MediaGateway.Server.Tests.Requests;

/// <summary>
/// Requests of the space to signaling: each is answered, passed over, or refused by a close code of the protocol, and the gateway serves
/// on.
/// </summary>
public sealed class SignalSpaceTests : IAsyncLifetime
{
    /// <summary>Messages in each form; REQUEST_SEEDS chooses more.</summary>
    private const int Seeds = 500;

    /// <summary>
    /// Messages to others that a participant sits through. It says nothing and connects nothing meanwhile, which the gateway bears for half
    /// a minute; a slow machine needs longer for all of them.
    /// </summary>
    private const int Turn = 50;

    private static readonly int Count =
        int.TryParse(Environment.GetEnvironmentVariable("REQUEST_SEEDS"), out int asked) ? Math.Max(asked, Seeds) : Seeds;

    private static readonly WebSocketCloseStatus[] Closes =
        [WebSocketCloseStatus.NormalClosure, WebSocketCloseStatus.InvalidPayloadData, WebSocketCloseStatus.MessageTooBig];

    private readonly LoggedErrors _errors = LoggedErrors.Create();
    private ControlGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await ControlGateway.StartAsync(
        _errors, ("Signaling:MessageBurst", "100000"), ("Signaling:MaxQueuedMessages", "10000"), ("Limits:HttpBurstPerSource", "100000"));

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("/rtc/v1", true)]
    [InlineData("/rtc/v1", false)]
    [InlineData("/rtc", true)]
    [InlineData("/rtc", false)]
    public async Task Messages_are_answered_or_refused(string path, bool isText)
    {
        SignalClient witness = await ConnectAsync(path, "witness");
        SignalClient? client = null;
        for (int seed = 0; seed < Count; seed++)
        {
            if (seed % Turn == Turn - 1)
            {
                await AssertServedAsync(witness);
                witness = await ConnectAsync(path, "witness");
            }
            client ??= await ConnectAsync(path, "ada");
            var space = new RequestSpace(seed);
            byte[] message = isText ? Encoding.UTF8.GetBytes(space.Json(SignalRequest.Descriptor)) : space.Binary(SignalRequest.Descriptor);
            bool isOpen = await TrySendAsync(client, message, isText, seed);
            if (isOpen)
                continue;
            await client.DisposeAsync();
            client = null;
        }
        if (client is not null)
            await client.DisposeAsync();
        await AssertServedAsync(witness);
        using HttpResponseMessage ready = await _gateway.Web.GetAsync(new Uri("/readyz", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Empty(_errors.All);
    }

    private static async Task AssertServedAsync(SignalClient witness)
    {
        await using (witness)
            Assert.True(await TrySendAsync(witness, new SignalRequest { Offer = Offer() }.ToByteArray(), isText: false, seed: -1));
    }

    private static SessionDescription Offer() => new() { Type = "offer", Sdp = OfferSpace.Create(1) };

    private Task<SignalClient> ConnectAsync(string path, string identity) =>
        SignalClient.ConnectAsync(_gateway.Web.BaseAddress!, TestGateway.Token("meeting", identity), path);

    /// <summary>Sends a message and a ping behind it; false when the gateway closed as the protocol has it.</summary>
    private static async Task<bool> TrySendAsync(SignalClient client, byte[] message, bool isText, int seed)
    {
        try
        {
            await client.SendAsync(message, isText);
            await client.SendAsync(new SignalRequest { PingReq = new Ping { Timestamp = 1_000_000 + seed } });
            while (true)
            {
                SignalResponse? response = await client.TryReceiveAsync();
                if (response is null)
                    break;
                if (response.PongResp is { } pong && pong.LastPingTimestamp == 1_000_000 + seed)
                    return true;
            }
        }
        catch (WebSocketException)
        {
            // It closed while the ping was on its way.
            while (await client.TryReceiveAsync() is not null)
            {
            }
        }
        Assert.True(client.CloseStatus is { } status && Closes.Contains(status), $"seed {seed}: {client.CloseStatus}");
        return false;
    }
}
