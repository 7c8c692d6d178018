using MediaGateway.Server.Admission;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Background;
using MediaGateway.Server.Http;
using MediaGateway.Server.Node;
using MediaGateway.Server.Observability;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Server.Surfaces.Control;
using MediaGateway.Server.Surfaces.Control.Connect;
using MediaGateway.Server.Surfaces.Development;
using MediaGateway.Server.Surfaces.LiveKit.Signaling;
using MediaGateway.Server.Surfaces.LiveKit.Twirp;
using MediaGateway.Server.Surfaces.LiveKit.Webhooks;
using MediaGateway.Server.Surfaces.Whip;
using MediaGateway.Server.Telemetry;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Logging.Console;

namespace MediaGateway.Server.Hosting;

/// <summary>Composes the server: services, then the order in which a request meets them.</summary>
internal static class GatewayHost
{
    /// <summary>Time that Kestrel and the framework need after the last session is gone.</summary>
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(1);

    /// <summary>Paths that machines ask for again and again, so that a trace of them says nothing.</summary>
    private static readonly string[] UntracedPaths = [HealthEndpoints.HealthPath, HealthEndpoints.ReadyPath, MetricsEndpoint.Path];

    /// <param name="options">Validated options.</param>
    /// <param name="configuration">Where they came from; the framework reads its Logging section.</param>
    /// <param name="environment">The environment's name.</param>
    /// <param name="addMediaNode">
    /// Registers <see cref="Operations.ILiveStreams"/>, <see cref="Operations.IRooms"/> and what they stand on.
    /// </param>
    public static WebApplication Build(
        GatewayOptions options, IConfiguration configuration, string environment, Action<IServiceCollection> addMediaNode)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = environment,
            ContentRootPath = AppContext.BaseDirectory,
        });
        // Ours says where configuration comes from; without the builder's sources a stray variable cannot rebind the listener.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration).AddInMemoryCollection(GatewayTelemetry.Variables);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => KestrelListener.Configure(kestrel, options));
        builder.Logging.AddConsoleFormatter<LineConsoleFormatter, ConsoleFormatterOptions>();
        ThrottleConsole(builder.Services);
        // The slim builder insists on the simple formatter, after it has read the configuration.
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.FormatterName = configuration["Logging:Console:FormatterName"] ?? LineConsoleFormatter.FormatterName;
            // Whoever reads the log and stops reading it must not hold up calls: lines are left out, and their number is a line.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        AddServices(builder.Services, options);
        addMediaNode(builder.Services);
        builder.Services.AddGatewayTelemetry(builder.Configuration, ServesMetrics(builder.Environment, options), UntracedPaths);
        WebApplication app = builder.Build();
        Configure(app, options);
        // Nobody calls them: they only have to be there.
        app.Services.GetRequiredService<LiveStreamMetrics>();
        app.Services.GetRequiredService<RoomMetrics>();
        app.Services.GetRequiredService<ExporterFailures>();
        return app;
    }

    /// <summary>Puts a throttle in front of the console that the builder has registered.</summary>
    private static void ThrottleConsole(IServiceCollection services)
    {
        services.Remove(services.Single(service => service.ImplementationType == typeof(ConsoleLoggerProvider)));
        services.AddSingleton<ConsoleLoggerProvider>();
        services.AddSingleton<ILoggerProvider>(provider => new ThrottledLoggerProvider(
            provider.GetRequiredService<ConsoleLoggerProvider>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static bool ServesMetrics(IHostEnvironment environment, GatewayOptions options) =>
        options.Metrics.Listen != MetricsOptions.None || environment.IsDevelopment();

    private static void AddServices(IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Http);
        services.AddSingleton(options.Tls);
        services.AddSingleton<ServerCertificate>();
        services.AddSingleton(options.Media);
        services.AddSingleton(options.Bandwidth);
        services.AddSingleton(options.Auth);
        services.AddSingleton(options.Limits);
        services.AddSingleton(options.Rooms);
        services.AddSingleton(options.Signaling);
        services.AddSingleton(options.Control);
        services.AddSingleton(options.Stop);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<BackgroundMetrics>();
        services.AddSingleton<Supervisor>();
        services.AddHostedService<UnobservedFailures>();
        services.AddHostedService<HangUp>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<TokenValidator>();
        services.AddSingleton<BearerAuthentication>();
        services.AddSingleton(new IceServerLinks(options.IceServers));
        services.AddSingleton<Readiness>();
        services.AddSingleton<RequestMetrics>();
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<RepeatMetrics>();
        services.AddSingleton<WatchMetrics>();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<SessionMetrics>();
        services.AddSingleton<SignalingMetrics>();
        services.AddSingleton<CutMetrics>();
        services.AddSingleton<Joins>();
        services.AddSingleton<NodeTelemetry>();
        services.AddSingleton<LiveStreamMetrics>();
        services.AddSingleton<RoomMetrics>();
        services.AddSingleton<ExporterFailures>();
        services.AddSingleton<WhipAdmission>();
        services.AddSingleton<WhipRequests>();
        services.AddSingleton<SignalInterruptions>();
        services.AddSingleton<SignalAdmission>();
        services.AddSingleton<SignalingSessions>();
        services.AddSingleton<SignalConnections>();
        services.AddSingleton<DevelopmentEndpoints>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<AnsweredRequests>();
        services.AddSingleton<AuditLog>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditLog>());
        services.AddSingleton<ControlGate>();
        services.AddControl(options.Control);
        services.AddSingleton(options.Webhooks);
        services.AddHostedService<WebhookDispatcher>();
        services.AddHostedService<GracefulStop>();
        services.AddHostedService<MemoryTrim>();
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = TimeSpan.FromSeconds(options.Stop.GraceSeconds) + StopMargin;
            // Ours are supervised. One of a library that fails is logged by the host, and ends no call.
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        services.AddCors();
    }

    private static void Configure(WebApplication app, GatewayOptions options)
    {
        // 1. A request that is answered before its end is read all the same, so that the answer arrives.
        app.UseMiddleware<LingeringClose>();
        // 2. Who is it really, and under which path?
        app.UseTrustedProxies(options.Http.TrustedProxies);
        app.UsePathPrefix(options.Http.PathBase);
        // 3. What watches the gateway has a listener of its own, and meets nothing of the rest.
        if (ServesMetrics(app.Environment, options))
            app.UseMetrics(everywhere: app.Environment.IsDevelopment());
        // 4. Whatever goes wrong below becomes a problem document here.
        app.UseExceptionHandler(error => error.Run(HttpProblems.WriteBugAsync));
        app.Use(HttpProblems.ExplainBareStatusAsync);
        app.Use(SignalEndpoints.TrimDoubledSlash);
        app.UseControlListener(options.Control);
        // 5. Pages of any site may publish, watch and meet; preflights end here.
        app.UseWhen(IsWhip, whip => whip.UseCors(AllowAnySite));
        app.UseWhen(context => ControlServices.IsControl(context.Request.Path), control => control.UseCors(ControlServices.AllowAnySite));
        app.UseWhen(context => SignalEndpoints.IsSignaling(context.Request.Path), signaling =>
            signaling.UseCors(SignalEndpoints.AllowAnySite));
        app.UseMiddleware<ProblemMiddleware>();
        // 6. Floods end here, before a token is looked at.
        app.UseRequestRateLimits(options.Limits, app.Services.GetRequiredService<TimeProvider>());
        app.UsePage();
        app.UseWebSockets();
        app.UseRouting();
        app.UseCallProtocols();
        app.MapHealth();
        app.MapWhip();
        app.MapSignaling();
        app.MapControl();
        app.MapTwirp();
        if (app.Environment.IsDevelopment())
            app.Services.GetRequiredService<DevelopmentEndpoints>().Map(app);
    }

    private static bool IsWhip(HttpContext context)
        => context.Request.Path.StartsWithSegments(WhipEndpoints.WhipPath, StringComparison.OrdinalIgnoreCase)
        || context.Request.Path.StartsWithSegments(WhipEndpoints.WhepPath, StringComparison.OrdinalIgnoreCase);

    /// <summary>Lets any origin call. No cookie is ever read, so a page of another origin needs a token all the same.</summary>
    private static void AllowAnySite(CorsPolicyBuilder policy) => policy
        .AllowAnyOrigin()
        .WithMethods("POST", "PATCH", "DELETE", "OPTIONS")
        .WithHeaders("Authorization", "Content-Type", "If-Match", "Takeover")
        .WithExposedHeaders("Location", "ETag", "Link", "Accept-Patch", "Retry-After")
        .SetPreflightMaxAge(PreflightLifetime);
}
