namespace MediaGateway.Server.Telemetry;

/// <summary>Names under which telemetry is found.</summary>
internal static class TelemetryNames
{
    /// <summary>Name of the gateway's own meter.</summary>
    public const string Meter = "MediaGateway";

    /// <summary>Name of the source of the gateway's own spans.</summary>
    public const string Source = "MediaGateway";
}
