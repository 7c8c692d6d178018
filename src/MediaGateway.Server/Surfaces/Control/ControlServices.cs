using System.Collections.Frozen;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.HealthCheck;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Background;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Server.Surfaces.Control.Connect;
using MediaGateway.V1;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>The control API: what it needs, and its routes on every listener.</summary>
internal static class ControlServices
{
    private static readonly string[] Prefixes = ["/mediagateway.v1.", "/grpc.health.v1.", "/grpc.reflection."];

    public static void AddControl(this IServiceCollection services, ControlOptions options)
    {
        services.AddSingleton<WatcherCount>();
        services.AddSingleton<FaultInterceptor>();
        services.AddSingleton<ControlInterceptor>();
        services.AddGrpcHealthChecks().AddCheck<ReadinessCheck>("readiness");
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = options.MaxMessageBytes;
            // Otherwise gRPC's server takes every path of two parts, and no other endpoint is 405 for a method that it does not have.
            grpc.IgnoreUnknownServices = true;
            grpc.Interceptors.Add<FaultInterceptor>();
            grpc.Interceptors.Add<ControlInterceptor>();
        });
        services.AddGrpcReflection();
        services.RemoveAll(typeof(IServiceMethodProvider<>))
            .AddSingleton(typeof(IServiceMethodProvider<>), typeof(CheckedServiceMethods<>));
    }

    public static void MapControl(this IEndpointRouteBuilder app)
    {
        app.MapService<RoomCalls>(RoomService.Descriptor);
        app.MapService<ParticipantCalls>(ParticipantService.Descriptor);
        app.MapService<TrackCalls>(TrackService.Descriptor);
        app.MapService<LiveStreamCalls>(LiveStreamService.Descriptor);
        app.MapService<EventCalls>(EventService.Descriptor);
        app.MapService<StatsCalls>(StatsService.Descriptor);
        app.MapService<NodeCalls>(NodeService.Descriptor);
        app.MapGrpcHealthChecksService().AllowAnonymous();
        app.MapGrpcReflectionService().AllowAnonymous();
        HealthServiceImpl health = app.ServiceProvider.GetRequiredService<HealthServiceImpl>();
        // Whoever watches is told at once, not when the checks are made the next time.
        app.ServiceProvider.GetRequiredService<Supervisor>().OnCancelled(
            "health of a node that drains", () => health.SetStatus("", ServingStatus.NotServing),
            app.ServiceProvider.GetRequiredService<Readiness>().Draining);
    }

    /// <summary>Routes calls to a service, each with what its method needs as metadata, which the interceptor enforces.</summary>
    /// <exception cref="InvalidOperationException">A method does not say what it needs.</exception>
    private static void MapService<TService>(this IEndpointRouteBuilder app, ServiceDescriptor service)
        where TService : class
    {
        FrozenDictionary<string, MethodAccess> access = MethodAccess.OfService(service, service.FullName);
        app.MapGrpcService<TService>().Add(endpoint =>
        {
            if (endpoint.Metadata.OfType<GrpcMethodMetadata>().SingleOrDefault() is { } call
                && access.TryGetValue(call.Method.FullName, out MethodAccess? method))
                endpoint.Metadata.Add(method);
        });
    }

    public static bool IsControl(PathString path) => path.Value is { } text
        && Prefixes.Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Lets any origin call. No cookie is ever read, so a page of another origin needs a token all the same.</summary>
    public static void AllowAnySite(CorsPolicyBuilder policy) => policy
        .AllowAnyOrigin()
        .WithMethods("POST", "OPTIONS")
        .AllowAnyHeader()
        .WithExposedHeaders("grpc-status", "grpc-message", "grpc-encoding", "connect-content-encoding")
        .SetPreflightMaxAge(TimeSpan.FromHours(1));
}
