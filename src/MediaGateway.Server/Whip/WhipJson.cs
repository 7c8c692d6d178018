using System.Text.Json.Serialization;

namespace MediaGateway.Server.Whip;

[JsonSerializable(typeof(Problem))]
internal sealed partial class WhipJson : JsonSerializerContext;
