using System.CommandLine;
using MediaGateway.Server.Hosting;
using MediaGateway.Server.Media;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.CommandLine;

/// <summary>Runs the gateway.</summary>
internal sealed class ServeCommand(ConfigurationOptions configurationOptions)
{
    public async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        if (!configurationOptions.TryLoad(command, out IConfigurationRoot? configuration, out GatewayOptions? options))
            return 1;
        await using WebApplication app = GatewayHost.Build(options!, configuration!, ConfigurationOptions.EnvironmentName, services => services.AddMediaNode());
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException cannotBind)
        {
            command.InvocationConfiguration.Error.WriteLine($"Http:Listen = \"{options!.Http.Listen}\": {cannotBind.Message}");
            return 1;
        }
        if (app.Environment.IsDevelopment())
            DevelopmentBanner.Write(command.InvocationConfiguration.Output, app.Urls, options!);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }
}
