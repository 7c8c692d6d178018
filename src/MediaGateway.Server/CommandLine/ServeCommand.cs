using System.CommandLine;
using System.Net.Sockets;
using MediaGateway.Platform.Dtls;
using MediaGateway.Server.Admission;
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
        // Before the gateway serves: no command is carried out that cannot be recorded.
        string auditFile = options!.Control.AuditFile;
        if (auditFile.Length > 0 && !new AuditFileWriter(auditFile).IsUsable(out string problem))
        {
            var unusable = new OptionsError(
                "Control:AuditFile", auditFile,
                $"cannot be appended to: {problem} "
                + "The shipped unit and compose file make /var/log/mediagateway writable, and nothing else.");
            command.InvocationConfiguration.Error.WriteLine($"The configuration is not valid:\n  {unusable}");
            return 1;
        }
        WebApplication app = GatewayHost.Build(options, configuration!, ConfigurationOptions.EnvironmentName, addMediaNode);
        CancellationToken stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await using (app)
                return await ServeAsync(app, command, options, cancellationToken);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It was told to stop before it had started, or while it stopped: the end that was asked for.
            return 0;
        }
    }

    private static async Task<int> ServeAsync(
        WebApplication app, ParseResult command, GatewayOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception cannotBind) when (cannotBind is IOException or SocketException)
        {
            command.InvocationConfiguration.Error.WriteLine(
                $"The gateway cannot listen on Http:Listen = \"{options.Http.Listen}\", Control:Listen = \"{options.Control.Listen}\", "
                + $"Metrics:Listen = \"{options.Metrics.Listen}\" and Media:Port = {options.Media.Port}: {cannotBind.Message}");
            return 1;
        }
        catch (OpenSslUnavailableException missing)
        {
            command.InvocationConfiguration.Error.WriteLine(missing.Message);
            return 1;
        }
        app.Logger.Started(ConfigurationOptions.EnvironmentName, string.Join(", ", app.Urls));
        if (app.Environment.IsDevelopment())
            DevelopmentBanner.Write(command.InvocationConfiguration.Output, UrlsOf(app, options), options);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    /// <summary>The listeners of clients and of the control API, without that of metrics, which is bound last.</summary>
    private static IEnumerable<string> UrlsOf(WebApplication app, GatewayOptions options) =>
        options.Metrics.Listen == MetricsOptions.None ? app.Urls : app.Urls.SkipLast(1);
}
