using Google.Protobuf;

namespace MediaGateway.Server.Http;

/// <summary>Faults of Google.Protobuf's parsers that mean a remote's bytes are no message, in protobuf or in its JSON.</summary>
internal static class MalformedMessages
{
    /// <summary>
    /// Tells whether an exception that a parser has thrown is about its input. Those beside its own two, in Google.Protobuf 3.25.1: a
    /// length within a message that, added to its place, exceeds 31 bits passes as no limit, and the parser reads on until the end of the
    /// span stops it; in JSON a value outside its type may be left to the number's or the text's own parser.
    /// </summary>
    public static bool IsFault(Exception fault) => fault is InvalidProtocolBufferException or InvalidJsonException
        or IndexOutOfRangeException or ArgumentException or FormatException or OverflowException;
}
