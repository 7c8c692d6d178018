namespace MediaGateway.Rtc.Sdp;

internal static class SdpSetups
{
    public static bool TryParse(ReadOnlySpan<char> value, out SdpSetup setup)
    {
        setup = value switch
        {
            "active" => SdpSetup.Active,
            "passive" => SdpSetup.Passive,
            "actpass" => SdpSetup.Actpass,
            _ => SdpSetup.Holdconn,
        };
        return setup != SdpSetup.Holdconn || value is "holdconn";
    }

    public static string ToSdp(this SdpSetup setup) => setup switch
    {
        SdpSetup.Active => "active",
        SdpSetup.Passive => "passive",
        SdpSetup.Actpass => "actpass",
        _ => "holdconn",
    };
}
