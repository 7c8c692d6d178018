using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Google.Protobuf;
using MediaGateway.Attack.Calls;
using MediaGateway.Attack.Running;
using MediaGateway.Attack.Senders;
using MediaGateway.LoadTester.Clients;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.TestClient;

namespace MediaGateway.Attack.Drills;

/// <summary>Messages that are too long, too deep, or explode when they are unpacked, at every surface that takes messages.</summary>
internal static class MessageDrills
{
    private const int Deep = 100_000;
    private const int Huge = 32 << 20;

    /// <summary>Memory that may stay of long messages: of 48 MiB the collector gives nothing back (MemoryTrim).</summary>
    private const long KeptBytes = 64L << 20;

    public static IReadOnlyList<Drill> List =>
    [
        new("Descriptions that are too long, too many and nonsense", "SDP", DescriptionsAsync),
        new("Candidates that name others", "Candidate abuse", CandidatesAsync),
        new("JSON and protobuf: deep, long, zipped", "Calls without the right to them", CallsAsync)
            { MemoryBound = KeptBytes },
        new("WebSocket messages: deep, long, broken", "Signaling connections", WebSocketsAsync) { MemoryBound = KeptBytes },
    ];

    private static async Task DescriptionsAsync(OngoingAttack attack)
    {
        string offer = OfferOf(attack);
        string section = offer[offer.IndexOf("m=", StringComparison.Ordinal)..];
        string[] offers =
        [
            offer + new string('a', 200_000),
            offer + string.Concat(Enumerable.Repeat("a=x\r\n", 12_000)),
            offer + string.Concat(Enumerable.Repeat(section, 100)),
            offer + string.Concat(Enumerable.Range(0, 2_000).Select(number => $"a=ssrc:{number} cname:a\r\n")),
            offer + string.Concat(Enumerable.Repeat("a=fmtp:96 " + new string('b', 200) + "\r\n", 200)),
            offer.Replace("96", "99999999999999999999", StringComparison.Ordinal),
            new string('\r', 60_000),
            "v=0\r\n" + new string('\0', 60_000),
        ];
        await AskAsync(attack, offers.Length, (client, number) => PostAsync(attack, client, offers[number % offers.Length]));
    }

    /// <summary>Offers whose candidates are the address of somebody who waits for what the gateway sends there.</summary>
    private static async Task CandidatesAsync(OngoingAttack attack)
    {
        using var victim = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(OngoingAttack.NextAddress(), 0));
        var address = (System.Net.IPEndPoint)victim.Client.LocalEndPoint!;
        string offer = OfferOf(attack) + string.Concat(Enumerable.Range(0, 10).Select(number =>
            $"a=candidate:{number} 1 udp {2_113_937_151 - number} {address.Address} {address.Port} typ host\r\n"));
        await AskAsync(attack, 1, (client, _) => PostAsync(attack, client, offer));
        attack.Require(victim.Available == 0, $"the gateway sent {victim.Available} bytes to an address that somebody else named");
    }

    private static async Task CallsAsync(OngoingAttack attack)
    {
        string path = "/mediagateway.v1.RoomService/CreateRoom";
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", Deep)) + "1" + new string('}', Deep);
        byte[] message = Nested(10_000);
        byte[] bomb = Zip(Huge);
        Func<HttpRequestMessage>[] requests =
        [
            () => Request(path, "application/json", Encoding.ASCII.GetBytes(deep)),
            () => Request(path, "application/json", Encoding.ASCII.GetBytes(new string('[', Deep))),
            () => Request(path, "application/json", Encoding.ASCII.GetBytes($"{{\"name\":\"{new string('n', 17 << 20)}\"}}")),
            () => Request(path, "application/proto", message),
            () => Request(path, "application/proto", new byte[17 << 20]),
            () => Request(path, "application/json", bomb, "gzip"),
            () => Request("/twirp/livekit.RoomService/CreateRoom", "application/json", Encoding.ASCII.GetBytes(deep)),
            () => Request("/twirp/livekit.RoomService/CreateRoom", "application/protobuf", message),
            () => Request("/mediagateway.v1.EventService/Watch", "application/connect+json", [1, 0x7F, 0xFF, 0xFF, 0xFF, .. bomb]),
            () => Request(path, "application/grpc-web+proto", [1, 0, 0, .. BitConverter.GetBytes((ushort)bomb.Length), .. bomb]),
            () => new HttpRequestMessage(HttpMethod.Get, "/rtc/v1?join_request=" + JoinRequest(bomb.AsSpan(0, 20_000).ToArray())),
        ];
        string token = attack.Site.Server.SignToken("", "caller", "nodeAdmin", "roomCreate", "roomList", "roomAdmin");
        await AskAsync(attack, requests.Length, async (client, number) =>
        {
            using HttpRequestMessage request = requests[number % requests.Length]();
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return await StatusOfAsync(client, request);
        });

        static HttpRequestMessage Request(string path, string type, byte[] body, string? encoding = null)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            if (encoding is not null)
                request.Content.Headers.ContentEncoding.Add(encoding);
            return request;
        }
    }

    private static async Task WebSocketsAsync(OngoingAttack attack)
    {
        (byte[] Message, WebSocketMessageType Type)[] messages =
        [
            (Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"offer\":", Deep))), WebSocketMessageType.Text),
            (Encoding.ASCII.GetBytes("{\"x\":" + new string('[', Deep) + new string(']', Deep) + "}"), WebSocketMessageType.Text),
            (Nested(10_000), WebSocketMessageType.Binary),
            (new byte[2 << 20], WebSocketMessageType.Binary),
            (new SignalRequest { Offer = new SessionDescription { Type = "offer", Sdp = new string('s', 900_000) } }.ToByteArray(),
                WebSocketMessageType.Binary),
            (Enumerable.Repeat((byte)0xFF, 1000).ToArray(), WebSocketMessageType.Text),
        ];
        await Task.WhenAll(Enumerable.Range(0, messages.Length).Select(async number =>
        {
            for (int round = 0; !attack.IsOver && round < 50; round++)
            {
                using var socket = new ClientWebSocket();
                socket.Options.SetRequestHeader(
                    "Authorization", "Bearer " + attack.Site.Server.SignToken("messages", $"m-{number}-{round}", "canPublish"));
                using var invoker = new HttpMessageInvoker(AttackClient.HandlerFrom(OngoingAttack.NextAddress()));
                await socket.ConnectAsync(new Uri(attack.Site.Server.SignalAddress, "/rtc?sdk=go&protocol=16"), invoker, default);
                attack.Count();
                try
                {
                    (byte[] message, WebSocketMessageType type) = messages[number];
                    await socket.SendAsync(message, type, true, default).WaitAsync(TimeSpan.FromSeconds(5));
                }
                catch (WebSocketException)
                {
                    // The gateway has had enough of it already.
                }
            }
        }));
        attack.Load = $"{attack.Number} messages, of up to 2 MB and {Deep} levels";
    }

    /// <summary>Asks again and again from a few addresses; nothing is a reason for a 5xx.</summary>
    private static async Task AskAsync(OngoingAttack attack, int kinds, Func<HttpClient, int, Task<int>> ask)
    {
        const int Clients = 4;
        var statuses = new SortedDictionary<int, int>();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async offset =>
        {
            using HttpClient client = AttackClient.From(OngoingAttack.NextAddress(), attack.Site.Server.Address);
            for (int number = offset; !attack.IsOver; number++)
            {
                int status = await ask(client, number);
                attack.Count();
                lock (statuses)
                    statuses[status] = statuses.GetValueOrDefault(status) + 1;
                attack.Require(status < 500, $"request {number % kinds} was answered {status}");
            }
        }));
        attack.Load = $"{attack.Number} requests: " + string.Join(", ", statuses.Select(pair =>
            pair.Key == 0 ? $"{pair.Value} cut off" : $"{pair.Value} times {pair.Key}"));
    }

    /// <summary>The status of the answer; 0 where the gateway ended the connection while the request was still being sent.</summary>
    private static async Task<int> StatusOfAsync(HttpClient client, HttpRequestMessage request)
    {
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static async Task<int> PostAsync(OngoingAttack attack, HttpClient client, string offer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/whep/" + Call.Stream)
        { Content = new StringContent(offer, MediaTypeHeaderValue.Parse("application/sdp")) };
        request.Headers.Authorization =
            new AuthenticationHeaderValue("Bearer", attack.Site.Server.SignToken(Call.Stream, "describer", "canSubscribe"));
        return await StatusOfAsync(client, request);
    }

    private static string OfferOf(OngoingAttack attack)
    {
        using var peer = new ClientPeer(
            new ClientPeerOptions { Clock = attack.Site.Setup.Clock.NtpClock }, attack.Site.Setup.Dtls, attack.Site.Setup.Entropy);
        return peer.CreateOffer([OfferedTracks.ToReceive(CodecKind.Vp8, 0)]).ToString();
    }

    /// <summary>Fields of type message within each other, so many deep.</summary>
    private static byte[] Nested(int depth)
    {
        byte[] message = [];
        for (int i = 0; i < depth; i++)
        {
            using var stream = new MemoryStream();
            using (var output = new CodedOutputStream(stream, leaveOpen: true))
            {
                output.WriteTag(1, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(message));
            }
            message = stream.ToArray();
        }
        return message;
    }

    private static byte[] Zip(int zeros)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(new byte[zeros]);
        return stream.ToArray();
    }

    private static string JoinRequest(byte[] zipped) => Convert.ToBase64String(
        new WrappedJoinRequest { Compression = WrappedJoinRequest.Types.Compression.Gzip, JoinRequest = ByteString.CopyFrom(zipped) }
        .ToByteArray()).Replace('+', '-').Replace('/', '_').TrimEnd('=');
}
