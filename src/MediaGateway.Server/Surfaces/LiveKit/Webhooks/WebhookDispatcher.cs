using MediaGateway.Server.Auth;
using MediaGateway.Server.Background;
using MediaGateway.Server.Node;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;
using MediaGateway.Server.Twirp.Messages;

namespace MediaGateway.Server.Surfaces.LiveKit.Webhooks;

/// <summary>Follows the node's changes and tells every configured URL what they mean.</summary>
internal sealed class WebhookDispatcher : SupervisedService
{
    private const int Batch = 256;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Time limit for the last events, those of everybody leaving, when the gateway stops.</summary>
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(5);

    private readonly Supervisor _supervisor;
    private readonly EventLog _log;
    private readonly WebhookEvents _events;
    private readonly ILogger<WebhookDispatcher> _logger;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    { Timeout = AnswerTimeout };
    private readonly CancellationTokenSource _flushed = new();
    private readonly WebhookTarget[] _targets;
    private Task? _sending;
    private long _sequence;

    public WebhookDispatcher(WebhookOptions options, ApiKeys keys, EventLog log, Supervisor supervisor, WebhookMetrics metrics,
        ILogger<WebhookDispatcher> logger)
        : base("webhooks", supervisor)
    {
        _supervisor = supervisor;
        _log = log;
        _logger = logger;
        _events = new WebhookEvents(supervisor.Clock);
        string apiKey = options.ApiKey.Length > 0 ? options.ApiKey : keys.First;
        var sender = new WebhookSender(_http, keys, apiKey, supervisor.Clock);
        _targets = [.. options.Urls.Select(url => new WebhookTarget(
            new Uri(url), options.MaxQueuedEvents, sender, metrics, supervisor.Clock, logger))];
    }

    public override void Dispose()
    {
        _http.Dispose();
        _flushed.Dispose();
        base.Dispose();
    }

    protected override async Task WorkAsync(CancellationToken stoppingToken)
    {
        if (_targets.Length == 0)
            return;
        // What one URL fails at holds up no other, and what this fails at holds up none.
        _sending ??= Task.WhenAll(_targets.Select(target => _supervisor.RunAsync("webhook", target.RunAsync, _flushed.Token)));
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
        // A receiver that does not answer does not keep the gateway from stopping.
        _flushed.CancelAfter(FlushLimit);
        await _sending;
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
