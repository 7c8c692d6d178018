using System.Security.Cryptography;
using System.Text;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Options;
using MediaGateway.Testing.Fuzzing;
using Microsoft.IdentityModel.Tokens;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// Access tokens, as anyone may send them and as a signer with a key may make them: each is taken or refused with one of
/// the token codes, and only a signed one is ever taken.
/// </summary>
public sealed class AccessTokenFuzzTarget : IFuzzTarget
{
    private const string Header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

    private const string Payload =
        """{"iss":"devkey","sub":"a","nbf":1,"exp":4102444800,"video":{"roomJoin":true,"room":"s","canPublish":true,"canPublishSources":["camera"]}}""";

    private readonly TokenValidator _validator = new(new ApiKeys(new AuthOptions { Keys = DevelopmentKey.AsKeys }), TimeProvider.System);

    public string Name => "access-token";

    public IEnumerable<byte[]> Seeds =>
    [
        Encoding.UTF8.GetBytes(Payload),
        Encoding.UTF8.GetBytes("""{"iss":"devkey","exp":1}"""),
        Encoding.UTF8.GetBytes(Sign(Encoding.UTF8.GetBytes("{}"))),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (TryValidate(Encoding.UTF8.GetString(input)) is not null)
            throw new InvalidOperationException("A token was taken that this target has not signed.");
        if (TryValidate(Sign(input)) is { Identity.Value.Length: 0 or > ParticipantIdentity.MaxLength })
            throw new InvalidOperationException("An identity out of bounds was taken.");
    }

    private AccessToken? TryValidate(string token)
    {
        try
        {
            return _validator.ValidateAsync(token).AsTask().GetAwaiter().GetResult();
        }
        catch (ContractException refused) when (
            refused.Code is ErrorCode.TokenInvalid or ErrorCode.TokenExpired or ErrorCode.TokenNotYetValid)
        {
            return null;
        }
    }

    private static string Sign(ReadOnlySpan<byte> payload)
    {
        string signed = Header + "." + Base64UrlEncoder.Encode(payload.ToArray());
        byte[] signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(DevelopmentKey.Text), Encoding.UTF8.GetBytes(signed));
        return signed + "." + Base64UrlEncoder.Encode(signature);
    }
}
