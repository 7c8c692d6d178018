using System.Net;
using Echo.V1;
using Grpc.Net.Client;
using MediaGateway.Server.Surfaces.Control.Connect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaGateway.Server.Tests.Connect;

/// <summary>The echo service on two free ports: HTTP/2 without TLS, and HTTP/1.1.</summary>
public sealed class EchoServer : IAsyncLifetime
{
    public const int MaxMessage = 1024 * 1024;

    private readonly WebApplication _app;

    public EchoServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        // As appsettings.json has it: what gRPC's server logs of each call is not for an operator.
        builder.Logging.ClearProviders().AddProvider(Faults).AddFilter("Grpc", LogLevel.None);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Recorder>();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = MaxMessage;
            options.IgnoreUnknownServices = true;
            options.Interceptors.Add<FaultInterceptor>();
            options.Interceptors.Add<Recorder>();
        });
        builder.Services.AddGrpcReflection();
        _app = builder.Build();
        _app.UseRouting();
        _app.UseCallProtocols();
        _app.MapGrpcService<Echo>();
        _app.MapGrpcReflectionService();
    }

    public RecordedFaults Faults { get; } = new();

    public Uri Http2 { get; private set; } = null!;

    public Uri Http1 { get; private set; } = null!;

    public HttpClient Web { get; } = new();

    public Recorder Calls => _app.Services.GetRequiredService<Recorder>();

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        Uri[] addresses = [.. _app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];
        (Http2, Http1) = (addresses[0], addresses[1]);
    }

    public async Task DisposeAsync()
    {
        Web.Dispose();
        await _app.DisposeAsync();
    }

    public EchoService.EchoServiceClient Connect(int? maxReceive = null) =>
        new(GrpcChannel.ForAddress(Http2.ToString(), new GrpcChannelOptions { MaxReceiveMessageSize = maxReceive }));
}
