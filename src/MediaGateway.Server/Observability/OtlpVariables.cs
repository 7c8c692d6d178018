using System.Globalization;
using OpenTelemetry.Exporter;

namespace MediaGateway.Server.Observability;

/// <summary>
/// The variables that configure an OTLP exporter for one signal alone (OpenTelemetry Protocol Exporter specification). Those for all
/// signals the SDK reads by itself; one for a signal wins.
/// </summary>
internal static class OtlpVariables
{
    /// <param name="exporter">The exporter's options, with what is set for all signals.</param>
    /// <param name="configuration">Configuration with the OTEL_ variables in it.</param>
    /// <param name="signal">METRICS or TRACES.</param>
    public static void Apply(OtlpExporterOptions exporter, IConfiguration configuration, string signal)
    {
        string? Read(string name) => configuration[$"OTEL_EXPORTER_OTLP_{signal}_{name}"] is { Length: > 0 } value ? value : null;

        if (Read("PROTOCOL") is { } protocol)
            exporter.Protocol = protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        if (Uri.TryCreate(Read("ENDPOINT"), UriKind.Absolute, out Uri? endpoint))
            exporter.Endpoint = endpoint;
        if (Read("HEADERS") is { } headers)
            exporter.Headers = headers;
        if (int.TryParse(Read("TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds))
            exporter.TimeoutMilliseconds = milliseconds;
    }
}
