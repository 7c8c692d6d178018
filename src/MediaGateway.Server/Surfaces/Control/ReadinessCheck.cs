using MediaGateway.Server.Operations;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>The answer of grpc.health.v1: the gateway serves until it drains.</summary>
internal sealed class ReadinessCheck(Readiness readiness) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(readiness.IsDraining ? HealthCheckResult.Unhealthy("The gateway is stopping.") : HealthCheckResult.Healthy());
}
