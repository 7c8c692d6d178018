using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

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
        catch (InvalidProtocolBufferException)
        {
        }
        catch (Exception overrun) when (overrun is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            // Google.Protobuf 3.25.1: a length within a message that, added to its place, exceeds 31 bits passes as no
            // limit. The parser reads on until the end of the span stops it.
        }
        message = null;
        return false;
    }
}
