using MediaGateway.Server.Contracts;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.Hosting;

/// <summary>Banner that shows a developer the page's address after the start, and warns everybody else.</summary>
internal static class DevelopmentBanner
{
    /// <param name="output">Where to.</param>
    /// <param name="urls">Where the gateway listens: the page, then the control API if it has a listener.</param>
    /// <param name="options">Whose key to print.</param>
    public static void Write(TextWriter output, IEnumerable<string> urls, GatewayOptions options)
    {
        (string key, Secret secret) = options.Auth.Keys.First();
        bool isWellKnown = key == DevelopmentKey.Name && secret.Reveal() == DevelopmentKey.Text;
        output.WriteLine();
        output.WriteLine("  MediaGateway in development mode: loopback only, not for production.");
        output.WriteLine();
        foreach ((int index, string url) in urls.Index())
            output.WriteLine(index == 0 ? $"  Page     {url}/" : $"  gRPC     {url}");
        output.WriteLine(isWellKnown ? $"  API key  {key}    secret  {secret.Reveal()}" : $"  API key  {key}    secret  (as configured)");
        output.WriteLine("  Token    mediagateway token create --identity me --room my-stream");
        output.WriteLine();
    }
}
