using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using MediaGateway.Server.Hosting;

namespace MediaGateway.Server.CommandLine;

/// <summary><c>mediagateway health</c>: asks a running gateway whether it lives, for a container's health check.</summary>
internal sealed class HealthCommand(ConfigurationOptions configurationOptions)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly Option<Uri?> _url = new("--url")
    {
        Description = "What to ask. Default: /healthz of the configured Http:Listen.",
        CustomParser = ParseUrl,
    };

    public Command Create()
    {
        Command health = new("health", "Exit with 0 if the gateway answers, with 1 if not.") { _url };
        health.SetAction(RunAsync);
        return health;
    }

    private async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        Uri url = command.GetValue(_url) ?? ConfiguredUrl(command);
        using HttpClient client = new(OwnListener.CreateHandler(configurationOptions.Read(command))) { Timeout = Timeout };
        try
        {
            using HttpResponseMessage response = await client.GetAsync(url, cancellationToken);
            command.InvocationConfiguration.Output.WriteLine($"{url} {(int)response.StatusCode}");
            return response.StatusCode == HttpStatusCode.OK ? 0 : 1;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException)
        {
            command.InvocationConfiguration.Error.WriteLine($"{url} does not answer: {unreachable.Message}");
            return 1;
        }
    }

    private static Uri? ParseUrl(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? url) && url.Scheme is ("http" or "https"))
            return url;
        result.AddError("--url takes an http or https URL.");
        return null;
    }

    /// <summary>Address of the configured listener. Nothing else is checked, since a health check needs no API keys.</summary>
    private Uri ConfiguredUrl(ParseResult command)
    {
        return new Uri(OwnListener.UrlOf(configurationOptions.Read(command), "Http:Listen", 7880), HealthEndpoints.HealthPath);
    }
}
