using System.Text.Json.Serialization;

namespace MediaGateway.Server.Http;

/// <summary>A problem document (RFC 9457 section 3.1), with the stable code as its extension member.</summary>
internal sealed record Problem(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("status")] int Status,
    [property: JsonPropertyName("detail")] string Detail,
    [property: JsonPropertyName("code")] string Code);
