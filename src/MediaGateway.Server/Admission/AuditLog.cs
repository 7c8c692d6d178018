using System.Text.Json;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.Admission;

/// <summary>
/// Every command, who gave it and what became of it: the newest in memory, all of them in a file that is only appended to.
/// </summary>
internal sealed class AuditLog(ControlOptions options, TimeProvider clock, ILogger<AuditLog> logger) : BackgroundService
{
    public const int MaxInMemory = 1_000;

    private const int MaxRequestLength = 4_096;

    private readonly Lock _lock = new();
    private readonly Queue<AuditEntry> _newest = new();
    private readonly Channel<AuditEntry> _toFile = Channel.CreateUnbounded<AuditEntry>(new UnboundedChannelOptions { SingleReader = true });
    private long _sequence;

    /// <summary>Carries a command out and writes down how it ended.</summary>
    public async Task<T> RecordAsync<T>(Caller caller, string method, string requestId, IMessage request, Func<Task<T>> carryOut)
    {
        long since = clock.GetTimestamp();
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
            Add(caller, method, requestId, request, status, clock.GetElapsedTime(since));
        }
    }

    /// <summary>The newest commands, newest first, up to <see cref="MaxInMemory"/> of them.</summary>
    public IReadOnlyList<AuditEntry> Newest()
    {
        lock (_lock)
            return [.. _newest.Reverse()];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.AuditFile.Length == 0)
            return;
        await using var file = new StreamWriter(new FileStream(options.AuditFile, FileMode.Append, FileAccess.Write, FileShare.Read));
        await foreach (AuditEntry entry in _toFile.Reader.ReadAllAsync(CancellationToken.None))
        {
            await file.WriteLineAsync(JsonSerializer.Serialize(entry));
            await file.FlushAsync(CancellationToken.None);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _toFile.Writer.TryComplete();
        if (ExecuteTask is { } writing)
            await writing.WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    private void Add(Caller caller, string method, string requestId, IMessage request, Status status, TimeSpan duration)
    {
        AuditEntry entry;
        lock (_lock)
        {
            entry = new AuditEntry(
                ++_sequence, clock.GetUtcNow(), duration, caller.ApiKey, caller.Identity, method[1..], Describe(request),
                NameOf(status.StatusCode), status.Detail, requestId);
            _newest.Enqueue(entry);
            if (_newest.Count > MaxInMemory)
                _newest.Dequeue();
        }
        logger.Commanded(entry.Method, entry.Key, entry.Identity, entry.Result);
        if (options.AuditFile.Length > 0)
            _toFile.Writer.TryWrite(entry);
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
