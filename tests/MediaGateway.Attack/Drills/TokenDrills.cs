using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MediaGateway.Attack.Calls;
using MediaGateway.Attack.Running;
using MediaGateway.Attack.Senders;

namespace MediaGateway.Attack.Drills;

/// <summary>Tokens of every wrong kind, at every surface that takes tokens.</summary>
internal static class TokenDrills
{
    private const string Http = "Authentication";

    public static IReadOnlyList<Drill> List =>
    [
        new("Tokens of every wrong kind", Http, attack => TryAsync(attack, TokensFor(attack))),
    ];

    private static readonly (HttpMethod Method, string Path, string Type, string Body)[] Doors =
    [
        (HttpMethod.Post, "/whip/" + Call.Stream, "application/sdp", "v=0"),
        (HttpMethod.Post, "/whep/" + Call.Stream, "application/sdp", "v=0"),
        (HttpMethod.Delete, "/whip/sessions/AAAAAAAAAAAAAAAAAAAAAA", "application/sdp", ""),
        (HttpMethod.Get, "/rtc/validate", "text/plain", ""),
        (HttpMethod.Get, "/rtc/v1/validate", "text/plain", ""),
        (HttpMethod.Post, "/mediagateway.v1.NodeService/GetNode", "application/json", "{}"),
        (HttpMethod.Post, "/mediagateway.v1.RoomService/DeleteRoom", "application/json", $"{{\"name\":\"{Call.Room}\"}}"),
        (HttpMethod.Post, "/twirp/livekit.RoomService/DeleteRoom", "application/json", $"{{\"room\":\"{Call.Room}\"}}"),
    ];

    private static string?[] TokensFor(OngoingAttack attack)
    {
        string good = attack.Site.Server.SignToken("elsewhere", "somebody", "canPublish", "canSubscribe");
        string[] parts = good.Split('.');
        string issuer = JsonDocument.Parse(Decode(parts[1])).RootElement.GetProperty("iss").GetString()!;
        string payload = parts[1];
        string other = Header($$$"""{"iss":"{{{issuer}}}","sub":"x","exp":9999999999,"video":{"roomJoin":true,"nodeAdmin":true}}""");
        return
        [
            null,
            "",
            ".",
            "...",
            "not a token",
            new string('a', 8_000),
            parts[0] + "." + payload + ".",
            Header("""{"alg":"none"}""") + "." + payload + ".",
            Header("""{"alg":"None","typ":"JWT"}""") + "." + payload + "." + parts[2],
            Header("""{"alg":"HS512","typ":"JWT"}""") + "." + payload + "." + parts[2],
            Header("""{"alg":"RS256","typ":"JWT","jwk":{"kty":"oct","k":"AAAA"}}""") + "." + payload + "." + parts[2],
            Header("""{"alg":"HS256","kid":"../../dev/null"}""") + "." + payload + "." + parts[2],
            parts[0] + "." + other + "." + parts[2],
            Forged(issuer, "a secret that is none of the gateway's, and long"),
            Forged(issuer, ""),
            Forged("nobody", "a secret that is none of the gateway's, and long"),
            good[..^1],
            good + "A",
            // Sound, and for another room and nothing of the node.
            good,
        ];
    }

    private static async Task TryAsync(OngoingAttack attack, string?[] tokens)
    {
        // One address each, so that each token is looked at and none is refused for their number.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async offset =>
        {
            for (int round = 0; !attack.IsOver || round == 0; round++)
            {
                using HttpClient client = AttackClient.From(OngoingAttack.NextAddress(), attack.Site.Server.Address);
                for (int token = offset; token < tokens.Length; token += 4)
                {
                    foreach ((HttpMethod method, string path, string type, string body) in Doors)
                        await KnockAsync(attack, client, (method, path, type, body), token, tokens[token]);
                }
            }
        }));
        attack.Load = $"{attack.Number} requests with {tokens.Length} kinds of tokens at {Doors.Length} doors, all refused";
    }

    private static async Task KnockAsync(
        OngoingAttack attack, HttpClient client, (HttpMethod Method, string Path, string Type, string Body) door, int number, string? token)
    {
        using var request = new HttpRequestMessage(door.Method, door.Path);
        if (door.Method == HttpMethod.Post)
            request.Content = new StringContent(door.Body, MediaTypeHeaderValue.Parse(door.Type));
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using HttpResponseMessage response = await client.SendAsync(request);
        int status = (int)response.StatusCode;
        // The last token is sound: it lets its bearer into the room that it names.
        bool isSound = door.Path.StartsWith("/rtc", StringComparison.Ordinal) && token is not null && number == 18;
        attack.Count();
        attack.Require(status is 401 or 403 or 404 or 429 || (isSound && status == 200),
            $"{door.Method} {door.Path} answered {status} to token {number}");
    }

    private static string Forged(string issuer, string secret)
    {
        string signed = Header("""{"alg":"HS256","typ":"JWT"}""") + "."
            + Header($$$"""{"iss":"{{{issuer}}}","sub":"x","exp":9999999999,"video":{"roomJoin":true,"room":"call","nodeAdmin":true}}""");
        return signed + "." + Encode(HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), Encoding.ASCII.GetBytes(signed)));
    }

    private static string Header(string json) => Encode(Encoding.ASCII.GetBytes(json));

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    private static byte[] Decode(string text) =>
        Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='));
}
