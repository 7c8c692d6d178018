using MediaGateway.Server.Options;
using Microsoft.Extensions.Primitives;

namespace MediaGateway.Server.Surfaces.Whip;

/// <summary>The configured ICE servers as Link header values (RFC 9725 section 4.6).</summary>
internal sealed class IceServerLinks(IReadOnlyList<IceServerOptions> servers)
{
    public StringValues Values { get; } = new([.. servers.SelectMany(server => server.Urls.Select(url => Link(server, url)))]);

    private static string Link(IceServerOptions server, string url)
    {
        string link = $"<{url}>; rel=\"ice-server\"";
        return server.Username.Length == 0
            ? link
            : $"{link}; username=\"{server.Username}\"; credential=\"{server.Credential.Reveal()}\"; credential-type=\"password\"";
    }
}
