using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Options;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Sfu.Rooms.Members;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MediaGateway.Server.Tests.Auth;

public sealed class TokenValidatorTests
{
    private const string OtherSecret = "another-test-secret-of-more-than-thirty-two-bytes";

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly TokenValidator _validator = new(
        new ApiKeys(new AuthOptions
        { Keys = new Dictionary<string, Secret> { [TestGateway.Key] = new(TestGateway.Secret), ["APIother"] = new(OtherSecret) } }),
        new FixedClock(Now));

    /// <summary>A change to the good token's payload, and the code it must be refused with.</summary>
    public static TheoryData<string, string> BadPayloads => new()
    {
        { """{"iss":"APIunknown"}""", nameof(ErrorCode.TokenInvalid) },
        { """{"iss":"APIother"}""", nameof(ErrorCode.TokenInvalid) },
        { """{"iss":null}""", nameof(ErrorCode.TokenInvalid) },
        { """{"iss":7}""", nameof(ErrorCode.TokenInvalid) },
        { """{"exp":null}""", nameof(ErrorCode.TokenInvalid) },
        { """{"exp":1}""", nameof(ErrorCode.TokenExpired) },
        { """{"exp":NOW-11}""", nameof(ErrorCode.TokenExpired) },
        { """{"exp":"soon"}""", nameof(ErrorCode.TokenInvalid) },
        { """{"nbf":NOW+11}""", nameof(ErrorCode.TokenNotYetValid) },
        { """{"sub":null}""", nameof(ErrorCode.TokenInvalid) },
        { """{"sub":""}""", nameof(ErrorCode.TokenInvalid) },
        { """{"sub":"a\nb"}""", nameof(ErrorCode.TokenInvalid) },
        { """{"video":null}""", nameof(ErrorCode.TokenInvalid) },
        { """{"video":"all"}""", nameof(ErrorCode.TokenInvalid) },
        { """{"video":[]}""", nameof(ErrorCode.TokenInvalid) },
        { """{"video":{"roomJoin":"yes"}}""", nameof(ErrorCode.TokenInvalid) },
        { """{"video":{"room":5}}""", nameof(ErrorCode.TokenInvalid) },
        { """{"video":{"canPublishSources":"camera"}}""", nameof(ErrorCode.TokenInvalid) },
        { """{"video":{"hidden":1}}""", nameof(ErrorCode.TokenInvalid) },
        { """{"name":5}""", nameof(ErrorCode.TokenInvalid) },
        { """{"metadata":{}}""", nameof(ErrorCode.TokenInvalid) },
        { """{"kind":[]}""", nameof(ErrorCode.TokenInvalid) },
        { """{"attributes":"x"}""", nameof(ErrorCode.TokenInvalid) },
        { """{"attributes":{"k":1}}""", nameof(ErrorCode.TokenInvalid) },
    };

    /// <summary>RFC 7515 section 4.1.11: whoever does not know an extension that is said to be critical must refuse the token.</summary>
    [Theory]
    [InlineData("""{"crit":["exp"],"exp":1}""")]
    [InlineData("""{"crit":["b64"],"b64":false}""")]
    [InlineData("""{"crit":["http://example.org/unknown"],"http://example.org/unknown":true}""")]
    [InlineData("""{"crit":[]}""")]
    [InlineData("""{"crit":null}""")]
    [InlineData("""{"crit":"exp"}""")]
    public async Task Token_with_a_critical_extension_is_refused(string header)
    {
        var fields = (JsonObject)JsonNode.Parse(header)!;
        fields["alg"] = "HS256";
        var payload = new JsonObject
        {
            ["iss"] = TestGateway.Key,
            ["sub"] = "alice",
            ["exp"] = Now.ToUnixTimeSeconds() + 60,
            ["video"] = new JsonObject { ["roomJoin"] = true, ["room"] = "stage" },
        };
        string signed = Base64UrlEncoder.Encode(fields.ToJsonString()) + "." + Base64UrlEncoder.Encode(payload.ToJsonString());
        string signature = Base64UrlEncoder.Encode(HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(TestGateway.Secret), Encoding.UTF8.GetBytes(signed)));
        ContractException refusal =
            await Assert.ThrowsAsync<ContractException>(async () => await _validator.ValidateAsync($"{signed}.{signature}"));

        Assert.Equal(ErrorCode.TokenInvalid, refusal.Code);
        Assert.Contains("crit", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Good_token_gives_identity_and_grants()
    {
        AccessToken token = await _validator.ValidateAsync(Sign("{}"));

        Assert.Equal("alice", token.Identity.Value);
        Assert.Equal(new VideoGrant(true, "stage", true, true, TrackSources.All), token.Grant);
    }

    [Fact]
    public async Task Token_says_what_others_see_of_its_bearer()
    {
        AccessToken token =
            await _validator.ValidateAsync(Sign("""{"name":"Alice","metadata":"m","kind":"agent","attributes":{"k":"v"}}"""));

        Assert.Equal(("Alice", "m", ParticipantKind.Agent), (token.Claims.Name, token.Claims.Metadata, token.Claims.Kind));
        Assert.Equal("v", token.Claims.Attributes["k"]);
    }

    [Fact]
    public async Task Every_grant_is_read()
    {
        AccessToken token = await _validator.ValidateAsync(Sign(
            """
            {"video":{"roomJoin":true,"room":"stage","canPublish":false,"canPublishData":true,"canUpdateOwnMetadata":true,"roomCreate":true,
            "roomList":true,"roomAdmin":true,"hidden":true,"recorder":true,"agent":true}}
            """));

        VideoGrant expected = new(true, "stage", false, true, TrackSources.All)
        {
            CanPublishData = true,
            CanUpdateOwnMetadata = true,
            RoomCreate = true,
            RoomList = true,
            RoomAdmin = true,
            Hidden = true,
            Recorder = true,
            Agent = true,
        };
        Assert.Equal(expected, token.Grant);
    }

    [Fact]
    public async Task Data_may_be_published_as_media_may_unless_the_token_says_otherwise()
        => Assert.False((await _validator.ValidateAsync(Sign("""{"video":{"canPublish":false}}"""))).Grant.CanPublishData);

    [Fact]
    public async Task Token_of_a_back_end_need_not_name_anybody()
        => Assert.True((await _validator.VerifyAsync(Sign("""{"sub":null}"""))).Identity.IsEmpty);

    [Theory]
    [InlineData("""{"iss":"APItest","exp":4102444800,"sub":"a","video":{"roomJoin":true,"room":"stage"}}""")]
    [InlineData(
        """{"iss":"APItest","sub":"a","name":"Alice","roomConfig":{"a":[1,null]},"odd":{"x":"\ud800"},"video":{},"exp":4102444800}""")]
    public async Task Renewed_token_says_the_same_for_longer(string payload)
    {
        AccessToken token = await _validator.ValidateAsync(SignText(payload, """{"alg":"HS256"}""", TestGateway.Secret));
        Assert.True(new ApiKeys(new AuthOptions { Keys = new Dictionary<string, Secret> { [TestGateway.Key] = new(TestGateway.Secret) } })
            .TryGet(TestGateway.Key, out SymmetricSecurityKey? key));

        AccessToken renewed = await _validator.ValidateAsync(TokenIssuer.Renew(token.Signed, key, Now.AddHours(1), permissions: null));

        Assert.Equal(Now.AddHours(1).UtcDateTime, renewed.Signed.ValidTo);
        Assert.Equal(token.Grant, renewed.Grant);
        Assert.Equal(token.Claims.Name, renewed.Claims.Name);
        Assert.Equal(WithoutExpiry(token), WithoutExpiry(renewed));

        static string WithoutExpiry(AccessToken token) => System.Text.RegularExpressions.Regex.Replace(
Base64UrlEncoder.Decode(token.Signed.EncodedPayload), @"""exp"":\d+", "").Replace(",", "", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BadPayloads))]
    public async Task Bad_payload_is_refused(string change, string code)
    {
        ContractException error = await Assert.ThrowsAsync<ContractException>(async () => await _validator.ValidateAsync(Sign(change)));

        Assert.Equal(Enum.Parse<ErrorCode>(code), error.Code);
    }

    [Theory]
    [InlineData("""{"exp":NOW-9}""")]
    [InlineData("""{"nbf":NOW+9}""")]
    [InlineData("""{"nbf":null}""")]
    [InlineData("""{"aud":"someone","name":"Alice","metadata":"x","sha256":"y"}""")]
    public async Task Payload_within_the_rules_is_taken(string change)
        => Assert.Equal("alice", (await _validator.ValidateAsync(Sign(change))).Identity.Value);

    [Fact]
    public async Task Each_key_signs_with_its_own_secret()
    {
        string token = Sign("""{"iss":"APIother"}""", secret: OtherSecret);

        Assert.Equal("alice", (await _validator.ValidateAsync(token)).Identity.Value);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS512")]
    [InlineData("HS384")]
    [InlineData("RS256")]
    [InlineData("hs256")]
    public async Task Any_other_algorithm_is_refused(string algorithm)
        => await AssertInvalidAsync(Sign("{}", $$"""{"alg":"{{algorithm}}","typ":"JWT"}"""));

    [Fact]
    public async Task Token_signed_with_rsa_is_refused()
    {
        using RSA rsa = RSA.Create(2048);
        string token = new JsonWebTokenHandler().CreateToken(
            Payload("{}").ToJsonString(), new SigningCredentials(new RsaSecurityKey(rsa), SecurityAlgorithms.RsaSha256));

        await AssertInvalidAsync(token);
    }

    [Fact]
    public async Task Token_without_a_signature_is_refused()
    {
        string token = Sign("{}");
        await AssertInvalidAsync(token[..(token.LastIndexOf('.') + 1)]);
        await AssertInvalidAsync(token[..token.LastIndexOf('.')]);
    }

    [Fact]
    public async Task Changing_any_one_character_of_the_payload_is_noticed()
    {
        string token = Sign("{}");
        int start = token.IndexOf('.', StringComparison.Ordinal) + 1;
        for (int i = start; i < token.LastIndexOf('.'); i++)
            await AssertInvalidAsync(token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..]);
    }

    [Fact]
    public async Task Mutated_tokens_are_refused_and_nothing_else_happens()
    {
        Random random = new(4711);
        string good = Sign("{}");
        for (int i = 0; i < 3000; i++)
        {
            StringBuilder token = new(good);
            for (int edits = random.Next(1, 4); edits > 0; edits--)
                Mutate(token, random);
            string text = token.ToString();
            try
            {
                AccessToken accepted = await _validator.ValidateAsync(text);
                // Base64url lets the last character's spare bits differ; the content is the same then.
                Assert.Equal("alice", accepted.Identity.Value);
                Assert.Equal(good[..good.LastIndexOf('.')], text[..text.LastIndexOf('.')]);
            }
            catch (ContractException refused)
            {
                Assert.Equal(ErrorCode.TokenInvalid, refused.Code);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("....")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.")]
    [InlineData("é.é.é")]
    public async Task Text_that_is_no_token_is_refused(string text) => await AssertInvalidAsync(text);

    [Fact]
    public async Task Endless_token_is_refused() => await AssertInvalidAsync(new string('a', 100_000));

    [Theory]
    [InlineData("""{"video":{"roomJoin":true,"room":"stage"}}""", "Whip", true)]
    [InlineData("""{"video":{"roomJoin":true,"room":"stage"}}""", "Whep", true)]
    [InlineData("""{"video":{"roomJoin":true,"room":"stage","canPublish":false}}""", "Whip", false)]
    [InlineData("""{"video":{"roomJoin":true,"room":"stage","canPublish":false}}""", "Whep", true)]
    [InlineData("""{"video":{"roomJoin":true,"room":"stage","canSubscribe":false}}""", "Whep", false)]
    [InlineData("""{"video":{"roomJoin":false,"room":"stage"}}""", "Whep", false)]
    [InlineData("""{"video":{"room":"stage"}}""", "Whip", false)]
    [InlineData("""{"video":{"roomJoin":true}}""", "Whip", false)]
    [InlineData("""{"video":{"roomJoin":true,"room":"*"}}""", "Whip", false)]
    [InlineData("""{"video":{"roomJoin":true,"room":""}}""", "Whip", false)]
    [InlineData("""{"video":{"roomJoin":true,"room":"Stage"}}""", "Whip", false)]
    [InlineData("""{"video":{"roomAdmin":true,"roomCreate":true,"room":"stage"}}""", "Whip", false)]
    [InlineData("""{"video":{"roomJoin":true,"room":"stage","canPublishSources":[]}}""", "Whip", true)]
    [InlineData("""{"video":{"roomJoin":true,"room":"stage","canPublishSources":["camera"]}}""", "Whip", true)]
    [InlineData("""{"video":{"roomJoin":true,"room":"stage","canPublishSources":["hologram",3]}}""", "Whip", false)]
    public async Task Grant_decides_what_its_bearer_may(string change, string kind, bool granted)
    {
        Assert.True(StreamName.TryParse("stage", out StreamName stage));
        AccessToken token = await _validator.ValidateAsync(Sign(change));

        ContractException? refused = null;
        try
        {
            token.Require(Enum.Parse<SessionKind>(kind), stage);
        }
        catch (ContractException error)
        {
            refused = error;
        }

        Assert.Equal(granted ? null : ErrorCode.NotGranted, refused?.Code);
    }

    [Theory]
    [InlineData("""["camera","microphone"]""", true, true)]
    [InlineData("""["screen_share"]""", false, true)]
    [InlineData("""["screen_share_audio"]""", true, false)]
    public async Task Publish_sources_narrow_the_kinds_of_media(string sources, bool audio, bool video)
    {
        AccessToken token = await _validator.ValidateAsync(
            Sign($$$"""{"video":{"roomJoin":true,"room":"stage","canPublishSources":{{{sources}}}}}"""));

        Assert.Equal(audio, (token.Grant.PublishSources & TrackSources.Audio) != 0);
        Assert.Equal(video, (token.Grant.PublishSources & TrackSources.Video) != 0);
    }

    [Theory]
    [InlineData("""{"iss":"APItest","sub":"a","exp":4102444800,"video":{"roomJoin":true,"room":"\ud800"}}""")]
    [InlineData("""{"iss":"APItest","sub":"\ud800","exp":4102444800,"video":{"roomJoin":true,"room":"stage"}}""")]
    [InlineData("""{"iss":"\ud800","sub":"a","exp":4102444800}""")]
    [InlineData("""{"\ud800":"APItest"}""")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Signed_payload_that_is_no_proper_json_is_refused(string payload)
        => await AssertInvalidAsync(SignText(payload, """{"alg":"HS256"}""", TestGateway.Secret));

    private async Task AssertInvalidAsync(string token)
    {
        ContractException error = await Assert.ThrowsAsync<ContractException>(async () => await _validator.ValidateAsync(token));
        Assert.Equal(ErrorCode.TokenInvalid, error.Code);
    }

    private static void Mutate(StringBuilder token, Random random)
    {
        int at = random.Next(token.Length);
        switch (random.Next(4))
        {
            case 0:
                token[at] = (char)random.Next(33, 127);
                break;
            case 1:
                token.Insert(at, '.');
                break;
            case 2 when token.Length > 1:
                token.Remove(at, 1);
                break;
            default:
                token.Insert(at, (char)random.Next(0, 0x250));
                break;
        }
    }

    private static JsonObject Payload(string change)
    {
        long now = Now.ToUnixTimeSeconds();
        JsonObject payload = new()
        {
            ["iss"] = TestGateway.Key,
            ["sub"] = "alice",
            ["nbf"] = now,
            ["exp"] = now + 60,
            ["video"] = new JsonObject { ["roomJoin"] = true, ["room"] = "stage" },
        };
        foreach ((string name, JsonNode? value) in JsonNode.Parse(Arithmetic(change, now))!.AsObject().ToArray())
        {
            payload.Remove(name);
            if (value is not null)
                payload[name] = value.DeepClone();
        }
        return payload;
    }

    /// <summary>Replaces NOW+n and NOW-n.</summary>
    private static string Arithmetic(string text, long now) => System.Text.RegularExpressions.Regex.Replace(
        text, @"NOW([+-]\d+)", match => (now + long.Parse(match.Groups[1].Value, Invariant)).ToString(Invariant));

    /// <summary>Signs by hand, so that what the library would never make can be tried, too.</summary>
    private static string Sign(string change, string header = """{"alg":"HS256","typ":"JWT"}""", string secret = TestGateway.Secret)
        => SignText(Payload(change).ToJsonString(JsonSerializerOptions.Default), header, secret);

    private static string SignText(string payload, string header, string secret)
    {
        string signed = Base64UrlEncoder.Encode(header) + "." + Base64UrlEncoder.Encode(payload);
        byte[] key = Encoding.UTF8.GetBytes(secret);
        byte[] data = Encoding.UTF8.GetBytes(signed);
        byte[] signature = header.Contains("512", StringComparison.Ordinal) ? HMACSHA512.HashData(key, data)
            : header.Contains("384", StringComparison.Ordinal) ? HMACSHA384.HashData(key, data)
            : HMACSHA256.HashData(key, data);
        return signed + "." + Base64UrlEncoder.Encode(signature);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
