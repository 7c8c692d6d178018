namespace MediaGateway.Sfu.Data;

/// <summary>Kind of value that a data packet carries. The numbers are those of the fields.</summary>
public enum DataPacketValue
{
    /// <summary>The packet has no value, or one that this gateway does not know; it is forwarded like the rest.</summary>
    None = 0,

    User = 2,
    Speaker = 3,
    SipDtmf = 6,
    Transcription = 7,
    Metrics = 8,
    ChatMessage = 9,
    RpcRequest = 10,
    RpcAck = 11,
    RpcResponse = 12,
    StreamHeader = 13,
    StreamChunk = 14,
    StreamTrailer = 15,
    EncryptedPacket = 18,
}
