using System.Text.Json.Serialization;

namespace MediaGateway.Server.Auth;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenPayload))]
[JsonSerializable(typeof(VideoClaim))]
internal sealed partial class TokenJson : JsonSerializerContext;
