using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace MediaGateway.Server.Http;

/// <summary>
/// Reads messages from protobuf's JSON. What is not known is left out. Bytes may be in base64url and without padding, as the mapping has
/// it (https://protobuf.dev/programming-guides/json), which Google.Protobuf's own parser does not take.
/// </summary>
internal static class ProtobufJson
{
    private const int MaxDepth = 32;

    private static readonly JsonParser Parser = new(new JsonParser.Settings(MaxDepth).WithIgnoreUnknownFields(true));

    /// <exception cref="Exception">The text is not the message's JSON: one of <see cref="MalformedMessages"/>.</exception>
    public static IMessage Parse(string json, MessageDescriptor type)
    {
        try
        {
            return Parser.Parse(json, type);
        }
        catch (InvalidProtocolBufferException) when (TryRewrite(json, type) is { } rewritten)
        {
            return Parser.Parse(rewritten, type);
        }
    }

    /// <summary>The same with the bytes of its fields in base64; null when that changes nothing.</summary>
    private static string? TryRewrite(string json, MessageDescriptor type)
    {
        try
        {
            JsonNode? message = JsonNode.Parse(json);
            return Rewrite(message, type) ? message!.ToJsonString() : null;
        }
        catch (Exception fault) when (fault is System.Text.Json.JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static bool Rewrite(JsonNode? node, MessageDescriptor type)
    {
        if (node is not JsonObject message)
            return false;
        bool isChanged = false;
        foreach (FieldDescriptor field in type.Fields.InDeclarationOrder())
        {
            string name = message.ContainsKey(field.JsonName) ? field.JsonName : field.Name;
            if (field.IsMap || message[name] is not { } value)
                continue;
            if (field.FieldType == FieldType.Message)
            {
                foreach (JsonNode? item in value is JsonArray list ? list.ToArray() : [value])
                    isChanged |= Rewrite(item, field.MessageType);
            }
            else if (field.FieldType == FieldType.Bytes && value is JsonValue text && text.TryGetValue(out string? bytes))
                isChanged |= Replace(message, name, bytes);
        }
        return isChanged;
    }

    private static bool Replace(JsonObject message, string name, string bytes)
    {
        string standard = bytes.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        standard = standard.PadRight((standard.Length + 3) / 4 * 4, '=');
        message[name] = standard;
        return standard != bytes;
    }
}
