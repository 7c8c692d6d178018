namespace MediaGateway.Rtc.Rtcp;

/// <summary>
/// The two-bit symbols of transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1.1).
/// The value of the first three is also the number of bytes that the packet's receive delta takes.
/// </summary>
internal enum PacketStatus : byte
{
    NotReceived = 0,
    SmallDelta = 1,
    LargeOrNegativeDelta = 2,
    Reserved = 3,
}
