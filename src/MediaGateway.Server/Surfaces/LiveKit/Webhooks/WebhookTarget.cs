using System.Net;
using System.Text;
using System.Threading.Channels;
using Google.Protobuf;
using MediaGateway.Server.Telemetry;
using MediaGateway.Server.Twirp.Messages;

namespace MediaGateway.Server.Surfaces.LiveKit.Webhooks;

/// <summary>A URL and the queue of events for it. They are posted one after another, each until it is taken or given up.</summary>
internal sealed class WebhookTarget(
    Uri url, int maxQueued, WebhookSender sender, WebhookMetrics metrics, TimeProvider clock, ILogger logger)
{
    /// <summary>Attempts, over about two minutes, after which an event is given up so that the next ones can be sent.</summary>
    public const int MaxAttempts = 8;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Channel<WebhookEvent> _waiting = Channel.CreateBounded<WebhookEvent>(maxQueued);
    private int _dropped;

    public void Enqueue(WebhookEvent message)
    {
        if (!_waiting.Writer.TryWrite(message))
            Drop();
    }

    /// <summary>Ends the queue; the events in it are still sent.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Sends until <see cref="Complete"/> and nothing waits any more, or until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stopped)
    {
        await foreach (WebhookEvent message in _waiting.Reader.ReadAllAsync(stopped))
        {
            WebhookEvent told = message.Clone();
            told.NumDropped = Interlocked.Exchange(ref _dropped, 0);
            bool isTaken = false;
            try
            {
                isTaken = await DeliverAsync(told, stopped);
            }
            finally
            {
                if (!isTaken)
                {
                    Interlocked.Add(ref _dropped, told.NumDropped);
                    Drop();
                    logger.WebhookGivenUp(told.Event, url.Host);
                }
            }
        }
    }

    private void Drop()
    {
        Interlocked.Increment(ref _dropped);
        metrics.Dropped();
    }

    private async Task<bool> DeliverAsync(WebhookEvent message, CancellationToken stopped)
    {
        byte[] body = Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(message));
        TimeSpan pause = FirstPause;
        for (int attempt = 1; ; attempt++)
        {
            HttpStatusCode? status = await sender.PostAsync(url, body, stopped);
            if (status is >= HttpStatusCode.OK and < HttpStatusCode.Ambiguous)
                return true;
            logger.WebhookFailed(message.Event, url.Host, attempt, status is { } code ? $"status {(int)code}" : "no answer");
            if (attempt == MaxAttempts || IsFinal(status))
                return false;
            // Pauses vary at random, so that a receiver that comes back does not get all retries at once.
            await Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 2)), clock, stopped);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>A receiver that says that the request is wrong will say so again.</summary>
    private static bool IsFinal(HttpStatusCode? status) =>
        status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not (
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);
}
