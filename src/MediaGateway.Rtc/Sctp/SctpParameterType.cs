namespace MediaGateway.Rtc.Sctp;

/// <summary>RFC 9260 section 3.3.3, RFC 6525 section 4, RFC 5061 section 4.2.7, RFC 3758 section 3.1.</summary>
internal enum SctpParameterType : ushort
{
    StateCookie = 7,
    OutgoingReset = 13,
    IncomingReset = 14,
    SequenceReset = 15,
    ReconfigResponse = 16,
    AddOutgoingStreams = 17,
    AddIncomingStreams = 18,
    SupportedExtensions = 0x8008,
    ForwardTsnSupported = 0xC000,
}
