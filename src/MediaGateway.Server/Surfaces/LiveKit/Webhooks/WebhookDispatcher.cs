using MediaGateway.Server.Auth;
using MediaGateway.Server.Node;
using MediaGateway.Server.Options;
using MediaGateway.Server.Twirp.Messages;

namespace MediaGateway.Server.Surfaces.LiveKit.Webhooks;

/// <summary>Follows the node's changes and tells every configured URL what they mean.</summary>
internal sealed class WebhookDispatcher : BackgroundService
{
    private const int Batch = 256;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Time limit for the last events, those of everybody leaving, when the gateway stops.</summary>
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(5);

    private readonly EventLog _log;
    private readonly WebhookEvents _events;
    private readonly ILogger<WebhookDispatcher> _logger;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    { Timeout = AnswerTimeout };
    private readonly CancellationTokenSource _flushed = new();
    private readonly WebhookTarget[] _targets;
    private long _sequence;

    public WebhookDispatcher(WebhookOptions options, AuthOptions auth, ApiKeys keys, EventLog log, TimeProvider clock,
        ILogger<WebhookDispatcher> logger)
    {
        _log = log;
        _logger = logger;
        _events = new WebhookEvents(clock);
        string apiKey = options.ApiKey.Length > 0 ? options.ApiKey : auth.Keys.Keys.First();
        _targets =
            [.. options.Urls.Select(url => new WebhookTarget(new Uri(url), apiKey, options.MaxQueuedEvents, keys, _http, clock, logger))];
    }

    public override void Dispose()
    {
        _http.Dispose();
        _flushed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_targets.Length == 0)
            return;
        Task sending = Task.WhenAll(_targets.Select(target => target.RunAsync(_flushed.Token)));
        try
        {
            await FollowAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            for (Task changed = Task.CompletedTask; changed.IsCompleted;)
                ReadOn(out changed);
        }
        foreach (WebhookTarget target in _targets)
            target.Complete();
        _flushed.CancelAfter(FlushLimit);
        try
        {
            await sending;
        }
        catch (OperationCanceledException) when (_flushed.IsCancellationRequested)
        {
            // A receiver that does not answer does not keep the gateway from stopping.
        }
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            ReadOn(out Task changed);
            await changed.WaitAsync(stoppingToken);
        }
    }

    /// <summary>Queues what has happened since; <paramref name="changed"/> completes when there is more.</summary>
    private void ReadOn(out Task changed)
    {
        List<EventEntry> entries = new(Batch);
        if (_log.TryRead(_sequence, entries, out changed))
        {
            foreach (EventEntry entry in entries)
            {
                _sequence = entry.Sequence;
                Tell(_events.Of(entry.Change));
            }
            return;
        }
        (NodeState state, _sequence) = _log.Snapshot();
        _logger.WebhooksFellBehind();
        Tell(_events.CatchUp(state));
    }

    private void Tell(IEnumerable<WebhookEvent> events)
    {
        foreach (WebhookEvent message in events)
        {
            foreach (WebhookTarget target in _targets)
                target.Enqueue(message);
        }
    }
}
