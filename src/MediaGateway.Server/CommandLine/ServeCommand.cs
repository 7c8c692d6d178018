using System.CommandLine;
using System.Net.Sockets;
using MediaGateway.Platform.Dtls;
using MediaGateway.Server.Hosting;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.CommandLine;

/// <summary>Runs the gateway.</summary>
internal sealed class ServeCommand(ConfigurationOptions configurationOptions, Action<IServiceCollection> addMediaNode)
{
    public async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        if (!configurationOptions.TryLoad(command, out IConfigurationRoot? configuration, out GatewayOptions? options))
            return 1;
        await using WebApplication app = GatewayHost.Build(options!, configuration!, ConfigurationOptions.EnvironmentName, addMediaNode);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception cannotBind) when (cannotBind is IOException or SocketException)
        {
            command.InvocationConfiguration.Error.WriteLine(
                $"The gateway cannot listen on Http:Listen = \"{options!.Http.Listen}\", Control:Listen = \"{options.Control.Listen}\" and Media:Port = {options.Media.Port}: {cannotBind.Message}");
            return 1;
        }
        catch (OpenSslUnavailableException missing)
        {
            command.InvocationConfiguration.Error.WriteLine(missing.Message);
            return 1;
        }
        app.Logger.Started(ConfigurationOptions.EnvironmentName, string.Join(", ", app.Urls));
        if (app.Environment.IsDevelopment())
            DevelopmentBanner.Write(command.InvocationConfiguration.Output, app.Urls, options!);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }
}
