using System.Text.Json.Serialization;

namespace MediaGateway.Server.Surfaces.Development;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DevelopmentTokenRequest))]
[JsonSerializable(typeof(DevelopmentTokenResponse))]
[JsonSerializable(typeof(DevelopmentStream[]))]
internal sealed partial class DevelopmentJson : JsonSerializerContext;
