namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// Payload protocol identifiers of WebRTC (RFC 8831 section 8). 52 and 54, parts of messages, are deprecated; what
/// carries them or any other is not delivered.
/// </summary>
internal enum PayloadProtocol : uint
{
    DataChannelControl = 50,
    Text = 51,
    Binary = 53,
    EmptyText = 56,
    EmptyBinary = 57,
}
