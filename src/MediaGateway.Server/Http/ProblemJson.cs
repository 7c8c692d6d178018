using System.Text.Json.Serialization;

namespace MediaGateway.Server.Http;

[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;
