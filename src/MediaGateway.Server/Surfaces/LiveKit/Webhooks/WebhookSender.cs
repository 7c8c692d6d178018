using System.Net;
using System.Net.Http.Headers;
using MediaGateway.Server.Auth;

namespace MediaGateway.Server.Surfaces.LiveKit.Webhooks;

/// <summary>Posts events to their receivers, signed. Of an answer it reads the status and nothing else.</summary>
internal sealed class WebhookSender(HttpClient http, ApiKeys keys, string apiKey, TimeProvider clock)
{
    /// <summary>Posts an event, and gives the status of the answer; null when there was none.</summary>
    public async Task<HttpStatusCode?> PostAsync(Uri url, byte[] body, CancellationToken stopped)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/webhook+json");
        request.Headers.TryAddWithoutValidation("Authorization", keys.IssueForBody(apiKey, body, clock.GetUtcNow()));
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stopped);
            return response.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !stopped.IsCancellationRequested)
        {
            return null;
        }
    }
}
