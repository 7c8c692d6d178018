namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// Direction in which media flows, seen from the author of the description: <c>a=sendonly</c> and its siblings
/// (RFC 8866 section 6.7), the suffix of <c>a=extmap</c> (RFC 8285 section 5).
/// </summary>
[Flags]
public enum MediaDirection
{
    Inactive = 0,
    Send = 1,
    Receive = 2,
    SendReceive = Send | Receive,
}
