using System.Text.Json;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Background;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Admission;

/// <summary>
/// Every command, who gave it and what became of it: the newest in memory, all of them in a file that is only appended to. While the
/// file takes nothing, as on a full disk, commands wait for it and are carried out all the same.
/// </summary>
internal sealed class AuditLog(ControlOptions options, Supervisor supervisor, AuditMetrics metrics, ILogger<AuditLog> logger)
    : SupervisedService("audit file", supervisor)
{
    public const int MaxInMemory = 1_000;

    /// <summary>Most commands that wait for the file; further ones are counted and not written.</summary>
    public const int MaxWaiting = 10_000;

    private const int MaxRequestLength = 4_096;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock = supervisor.Clock;
    private readonly AuditFileWriter _file = new(options.AuditFile);
    private readonly Lock _lock = new();
    private readonly Queue<AuditEntry> _newest = new();
    private readonly Channel<AuditEntry> _toFile = Channel.CreateBounded<AuditEntry>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _sequence;
    private volatile bool _isStopping;

    /// <summary>Carries a command out and writes down how it ended.</summary>
    public async Task<T> RecordAsync<T>(Caller caller, string method, string requestId, IMessage request, Func<Task<T>> carryOut)
    {
        long since = _clock.GetTimestamp();
        Status status = Status.DefaultSuccess;
        try
        {
            return await carryOut();
        }
        catch (Exception failure)
        {
            status = failure switch
            {
                ContractException refusal => GrpcErrors.StatusOf(refusal),
                RpcException refusal => refusal.Status,
                _ => new Status(StatusCode.Unknown, "A bug was hit."),
            };
            throw;
        }
        finally
        {
            Add(caller, method, requestId, request, status, _clock.GetElapsedTime(since));
        }
    }

    /// <summary>The newest commands, newest first, up to <see cref="MaxInMemory"/> of them.</summary>
    public IReadOnlyList<AuditEntry> Newest()
    {
        lock (_lock)
            return [.. _newest.Reverse()];
    }

    /// <summary>Says at once, after a rotation, whether the file still takes commands.</summary>
    public void CheckFile()
    {
        if (options.AuditFile.Length > 0 && !_file.IsUsable(out string problem))
            logger.AuditFileFailed(options.AuditFile, problem, MaxWaiting);
    }

    protected override async Task WorkAsync(CancellationToken stoppingToken)
    {
        if (options.AuditFile.Length == 0)
            return;
        await foreach (AuditEntry entry in _toFile.Reader.ReadAllAsync(CancellationToken.None))
            await WriteAsync(JsonSerializer.Serialize(entry));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        _toFile.Writer.TryComplete();
        // A service that is stopped before the pool has begun it is one that was cancelled.
        if (ExecuteTask is { } writing)
            await writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <summary>Writes a line, as often as it takes; when the gateway stops, once.</summary>
    private async Task WriteAsync(string line)
    {
        for (bool hasFailed = false; ; hasFailed = true)
        {
            if (_file.TryAppend(line, out string problem))
            {
                if (hasFailed)
                    logger.AuditFileWorks(options.AuditFile);
                return;
            }
            if (!hasFailed)
                logger.AuditFileFailed(options.AuditFile, problem, MaxWaiting);
            if (_isStopping)
            {
                metrics.Lost();
                return;
            }
            await Task.Delay(RetryInterval, _clock, CancellationToken.None);
        }
    }

    private void Add(Caller caller, string method, string requestId, IMessage request, Status status, TimeSpan duration)
    {
        AuditEntry entry;
        lock (_lock)
        {
            entry = new AuditEntry(
                ++_sequence, _clock.GetUtcNow(), duration, caller.ApiKey, caller.Identity, method[1..], Describe(request),
                NameOf(status.StatusCode), status.Detail, requestId);
            _newest.Enqueue(entry);
            if (_newest.Count > MaxInMemory)
                _newest.Dequeue();
        }
        logger.Commanded(entry.Method, entry.Key, entry.Identity, entry.Result);
        if (options.AuditFile.Length > 0 && !_toFile.Writer.TryWrite(entry))
            metrics.Lost();
    }

    private static string Describe(IMessage request)
    {
        string text = RedactedRequest.Describe(request);
        return text.Length > MaxRequestLength ? text[..MaxRequestLength] : text;
    }

    /// <summary>Returns a code's name as gRPC writes it, such as NOT_FOUND.</summary>
    private static string NameOf(StatusCode code) => code == StatusCode.OK ? "OK"
        : JsonNamingPolicy.SnakeCaseUpper.ConvertName(code.ToString());
}
