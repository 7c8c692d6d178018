using System.Net;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Dtls;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Server.Auth;
using MediaGateway.Testing.Loopback;

namespace MediaGateway.Server.Tests.Support;

/// <summary>A client of the whole server with real media: its session's resource, and its transport on a socket of its own.</summary>
internal sealed class HttpPeer : IDisposable
{
    private HttpPeer(LoopbackPeer media, Uri resource)
    {
        Media = media;
        Resource = resource;
    }

    public LoopbackPeer Media { get; }

    public Uri Resource { get; }

    public static Task<HttpPeer> PublishAsync(HttpClient client, OpenSslDtlsContext dtls, string stream) =>
        OpenAsync(client, dtls, $"/whip/{stream}", MediaDirection.Send);

    public static Task<HttpPeer> WatchAsync(HttpClient client, OpenSslDtlsContext dtls, string stream, string query = "") =>
        OpenAsync(client, dtls, $"/whep/{stream}{query}", MediaDirection.Receive);

    /// <exception cref="HttpRequestException">The session is refused.</exception>
    private static Task<HttpPeer> OpenAsync(HttpClient client, OpenSslDtlsContext dtls, string path, MediaDirection direction) =>
        Task.Run(() =>
    {
        var rights = new TokenRequest("alice", path.Split('/', '?')[2], true, true, TimeSpan.FromHours(1)) { Control = true };
        Uri? resource = null;
        var media = LoopbackPeer.Open(new MonotonicClock(), dtls, direction, offer =>
        {
            using HttpRequestMessage request = TestGateway.Post(path, TestGateway.Token(rights), offer.ToString());
            using HttpResponseMessage response = client.Send(request);
            if (response.StatusCode != HttpStatusCode.Created)
                throw new HttpRequestException(null, null, response.StatusCode);
            resource = response.Headers.Location;
            using var reader = new StreamReader(response.Content.ReadAsStream());
            return SessionDescription.TryParse(reader.ReadToEnd(), SdpLimits.Default, out SessionDescription? answer, out SdpError? error)
                ? answer!
                : throw new InvalidOperationException(error!.ToString());
        });
        return new HttpPeer(media, resource!);
    });

    public void Dispose() => Media.Dispose();
}
