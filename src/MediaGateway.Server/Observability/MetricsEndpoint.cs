using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MediaGateway.Server.Observability;

/// <summary>
/// Endpoint that Prometheus scrapes. It is served on a listener of its own (<see cref="Server.Options.MetricsOptions.Listen"/>), which
/// serves
/// nothing else, and in development mode on every listener.
/// </summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    /// <summary>Marks the connections of an endpoint as those of the metrics listener.</summary>
    public static void Mark(ListenOptions endpoint) => endpoint.Use(next => connection =>
    {
        connection.Features.Set(MetricsConnection.Instance);
        return next(connection);
    });

    /// <summary>Serves scrapes, and refuses everything else that comes by the metrics listener.</summary>
    public static void UseMetrics(this WebApplication app, bool everywhere)
    {
        app.UseOpenTelemetryPrometheusScrapingEndpoint(context =>
            context.Request.Path == Path && (everywhere || context.Features.Get<MetricsConnection>() is not null));
        app.Use((context, next) =>
        {
            if (context.Features.Get<MetricsConnection>() is null)
                return next(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    private sealed class MetricsConnection
    {
        public static readonly MetricsConnection Instance = new();
    }
}
