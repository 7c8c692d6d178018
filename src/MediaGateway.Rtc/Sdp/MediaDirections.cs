namespace MediaGateway.Rtc.Sdp;

public static class MediaDirections
{
    public static bool TryParse(ReadOnlySpan<char> value, out MediaDirection direction)
    {
        direction = value switch
        {
            "sendrecv" => MediaDirection.SendReceive,
            "sendonly" => MediaDirection.Send,
            "recvonly" => MediaDirection.Receive,
            _ => MediaDirection.Inactive,
        };
        return direction != MediaDirection.Inactive || value is "inactive";
    }

    public static string ToSdp(this MediaDirection direction) => direction switch
    {
        MediaDirection.SendReceive => "sendrecv",
        MediaDirection.Send => "sendonly",
        MediaDirection.Receive => "recvonly",
        _ => "inactive",
    };

    /// <summary>The same flow seen from the other side.</summary>
    public static MediaDirection Reversed(this MediaDirection direction) =>
        ((direction & MediaDirection.Send) != 0 ? MediaDirection.Receive : MediaDirection.Inactive)
        | ((direction & MediaDirection.Receive) != 0 ? MediaDirection.Send : MediaDirection.Inactive);
}
