using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using MediaGateway.Server.Http;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>Parses protobuf that a remote sent: false for whatever is wrong with it.</summary>
internal static class ProtobufMessages
{
    public static bool TryParse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out T? message)
        where T : class, IMessage<T>
    {
        try
        {
            message = parser.ParseFrom(bytes);
            return true;
        }
        catch (Exception malformed) when (MalformedMessages.IsFault(malformed))
        {
        }
        message = null;
        return false;
    }
}
