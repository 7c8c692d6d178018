using System.Diagnostics;
using System.Reflection;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MediaGateway.Server.Observability;

/// <summary>
/// Metrics and traces by OpenTelemetry. OTLP exporters are switched on by the standard OTEL_ variables, Prometheus by
/// <see cref="MetricsOptions.Listen"/>; without either, nothing is collected and the instruments cost nothing.
/// </summary>
internal static class GatewayTelemetry
{
    /// <summary>Prefix of the variables of the OpenTelemetry specification.</summary>
    private const string VariablePrefix = "OTEL_";

    private const string DefaultServiceName = "mediagateway";

    /// <summary>Signals as the names of variables have them.</summary>
    private const string Metrics = "METRICS";

    private const string Traces = "TRACES";

    private static string? Version =>
        typeof(GatewayTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>The OTEL_ variables of the process as configuration, which is where the SDK looks for them.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Variables => Environment.GetEnvironmentVariables()
        .Cast<System.Collections.DictionaryEntry>()
        .Where(variable => ((string)variable.Key).StartsWith(VariablePrefix, StringComparison.Ordinal))
        .Select(variable => new KeyValuePair<string, string?>((string)variable.Key, (string?)variable.Value));

    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">Configuration with <see cref="Variables"/> in it.</param>
    /// <param name="serveMetrics">Whether <see cref="MetricsEndpoint.Path"/> is served.</param>
    /// <param name="untracedPaths">Paths whose requests make no trace.</param>
    public static void AddGatewayTelemetry(
        this IServiceCollection services, IConfiguration configuration, bool serveMetrics, IReadOnlyCollection<string> untracedPaths)
    {
        if (string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase))
            return;
        bool exportMetrics = ExportsTo(configuration, Metrics);
        bool exportTraces = ExportsTo(configuration, Traces);
        if (!serveMetrics && !exportMetrics && !exportTraces)
            return;
        OpenTelemetryBuilder telemetry = services.AddOpenTelemetry().ConfigureResource(Describe);
        if (serveMetrics || exportMetrics)
            telemetry.WithMetrics(metrics => Add(metrics, configuration, serveMetrics, exportMetrics));
        if (exportTraces)
            telemetry.WithTracing(traces => Add(traces, configuration, untracedPaths));
    }

    /// <summary>A signal is exported where its exporter is named, or where an endpoint is and no other exporter.</summary>
    private static bool ExportsTo(IConfiguration configuration, string signal)
    {
        string exporter = configuration[$"OTEL_{signal}_EXPORTER"] ?? "";
        if (exporter.Length > 0)
            return exporter.Split(',', StringSplitOptions.TrimEntries).Contains("otlp", StringComparer.Ordinal);
        return !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])
            || !string.IsNullOrEmpty(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]);
    }

    /// <summary>Says what the telemetry is of; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.</summary>
    private static void Describe(ResourceBuilder resource) => resource
        .Clear()
        .AddTelemetrySdk()
        .AddService(DefaultServiceName, serviceVersion: Version)
        .AddEnvironmentVariableDetector();

    private static void Add(MeterProviderBuilder metrics, IConfiguration configuration, bool serve, bool export)
    {
        metrics
            .AddMeter(TelemetryNames.Meter)
            .AddAspNetCoreInstrumentation()
            .AddRuntimeInstrumentation()
            .AddProcessInstrumentation();
        if (serve)
            metrics.AddPrometheusExporter();
        if (export)
            metrics.AddOtlpExporter((exporter, _) => OtlpVariables.Apply(exporter, configuration, Metrics));
    }

    private static void Add(TracerProviderBuilder traces, IConfiguration configuration, IReadOnlyCollection<string> untracedPaths) => traces
        .AddSource(TelemetryNames.Source)
        .AddAspNetCoreInstrumentation(requests =>
        {
            requests.Filter = context => !IsWebSocket(context) && !untracedPaths.Contains(context.Request.Path.Value);
            requests.EnrichWithHttpResponse = (span, response) => HideUrl(span, response.HttpContext);
        })
        .AddOtlpExporter(exporter => OtlpVariables.Apply(exporter, configuration, Traces));

    /// <summary>A WebSocket lasts for hours: its join has a span of its own, which ends when the media is connected.</summary>
    private static bool IsWebSocket(HttpContext context) =>
        context.Request.Headers.ContainsKey(HeaderNames.SecWebSocketVersion)
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    /// <summary>Shows the route instead of the path, for that may hold a session's id; and no query, for that may hold a token.</summary>
    private static void HideUrl(Activity span, HttpContext context)
    {
        span.SetTag("url.path", (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "/");
        span.SetTag("url.query", null);
    }
}
