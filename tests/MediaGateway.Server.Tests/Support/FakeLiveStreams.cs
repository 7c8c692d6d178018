using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Server.Operations;

namespace MediaGateway.Server.Tests.Support;

/// <summary>A media node without media: it keeps sessions, answers what it is told to, and records what it was asked.</summary>
internal sealed class FakeLiveStreams : ILiveStreams
{
    public const string Answer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

    public const string AnswerFragment = "a=ice-ufrag:new\r\na=ice-pwd:0123456789012345678901\r\n";

    private readonly ConcurrentDictionary<SessionId, SessionInfo> _sessions = new();
    private readonly TaskCompletionSource _drainStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _restarts;

    public bool IsAccepting { get; set; } = true;

    /// <summary>Exception that the next call throws; null for none.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Task that DrainAsync waits for.</summary>
    public Task DrainUntil { get; set; } = Task.CompletedTask;

    public Task DrainStarted => _drainStarted.Task;

    public PublishRequest? Published { get; private set; }

    public WatchRequest? Watched { get; private set; }

    public string? Candidates { get; private set; }

    public IReadOnlyList<StreamInfo> Streams => [.. _sessions.Values
        .GroupBy(session => session.Stream)
        .Select(group => new StreamInfo(
            group.Key,
            group.Any(session => session.Kind == SessionKind.Whip),
            group.Count(session => session.Kind == SessionKind.Whep),
            ImmutableArray.Create(CodecKind.Vp8)))];

    public Task<OpenedSession> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        ThrowIfTold();
        Published = request;
        bool taken = _sessions.Any(pair => pair.Value.Kind == SessionKind.Whip && pair.Value.Stream == request.Stream);
        if (taken && !request.TakeOver)
            throw new ContractException(ErrorCode.StreamTaken, "Someone is live.");
        return Task.FromResult(Open(new SessionInfo(SessionKind.Whip, request.Stream, request.Identity, "ice0")));
    }

    public Task<OpenedSession> WatchAsync(WatchRequest request, CancellationToken cancellationToken)
    {
        ThrowIfTold();
        Watched = request;
        return Task.FromResult(Open(new SessionInfo(SessionKind.Whep, request.Stream, request.Identity, "ice0")));
    }

    public Task<RestartedSession?> RestartIceAsync(SessionId id, string sdpFragment, CancellationToken cancellationToken)
    {
        ThrowIfTold();
        string etag = "ice" + ++_restarts;
        _sessions[id] = _sessions[id] with { ETag = etag };
        return Task.FromResult<RestartedSession?>(new RestartedSession(AnswerFragment, etag));
    }

    public Task AddCandidatesAsync(SessionId id, string sdpFragment, CancellationToken cancellationToken)
    {
        ThrowIfTold();
        Candidates = sdpFragment;
        return Task.CompletedTask;
    }

    public Task CloseAsync(SessionId id, CancellationToken cancellationToken)
    {
        _sessions.TryRemove(id, out _);
        return Task.CompletedTask;
    }

    public bool TryGetSession(SessionId id, [NotNullWhen(true)] out SessionInfo? session) => _sessions.TryGetValue(id, out session);

    public async Task DrainAsync(CancellationToken graceEnded)
    {
        _drainStarted.TrySetResult();
        await DrainUntil.WaitAsync(graceEnded);
        _sessions.Clear();
    }

    private OpenedSession Open(SessionInfo session)
    {
        SessionId id = SessionId.Create(new SystemEntropy());
        _sessions[id] = session;
        return new OpenedSession(id, Answer, session.ETag);
    }

    private void ThrowIfTold()
    {
        Exception? failure = Failure;
        Failure = null;
        if (failure is not null)
            throw failure;
    }

    private sealed class SystemEntropy : IEntropy
    {
        public void Fill(Span<byte> destination) => System.Security.Cryptography.RandomNumberGenerator.Fill(destination);
    }
}
