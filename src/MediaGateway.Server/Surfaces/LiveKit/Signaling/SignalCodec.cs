using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf;
using MediaGateway.Server.Http;
using MediaGateway.Server.Signaling.Messages;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>Messages as bytes: protobuf, or protobuf's JSON. What is unknown is skipped, as the protocol wants it.</summary>
internal static class SignalCodec
{
    /// <summary>Messages within messages; the protocol's own nest four deep.</summary>
    private const int MaxDepth = 32;

    private static readonly JsonParser Json = new(new JsonParser.Settings(MaxDepth).WithIgnoreUnknownFields(true));

    private static readonly MessageParser<SignalRequest> Binary = SignalRequest.Parser.WithDiscardUnknownFields(true);

    public static bool TryDecode(ReadOnlySpan<byte> message, bool isText, [NotNullWhen(true)] out SignalRequest? request)
    {
        return isText
            ? TryDecodeJson(Encoding.UTF8.GetString(message), out request)
            : ProtobufMessages.TryParse(Binary, message, out request);
    }

    public static byte[] Encode(SignalResponse response, bool asText)
        => asText ? Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(response)) : response.ToByteArray();

    private static bool TryDecodeJson(string message, [NotNullWhen(true)] out SignalRequest? request)
    {
        try
        {
            request = Json.Parse<SignalRequest>(message);
            return true;
        }
        catch (Exception malformed) when (MalformedMessages.IsFault(malformed))
        {
        }
        request = null;
        return false;
    }
}
