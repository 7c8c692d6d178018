using System.Diagnostics.CodeAnalysis;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;

namespace MediaGateway.Server.Operations;

/// <summary>
/// Live streams as signaling uses them. Callable from any thread; each task completes on the pool once the worker that
/// owns the stream has done the work. A client's mistake ends in a <see cref="ContractException"/>, as does a wish
/// that cannot be met now; any other exception is a bug.
/// </summary>
internal interface ILiveStreams
{
    /// <summary>True when all workers are up and take new peers.</summary>
    public bool IsAccepting { get; }

    /// <summary>A snapshot.</summary>
    public IReadOnlyList<StreamInfo> Streams { get; }

    /// <exception cref="ContractException">
    /// MalformedSdp, UnusableSdp, NoCommonCodec, StreamTaken, AtCapacity or Draining.
    /// </exception>
    public Task<OpenedSession> PublishAsync(PublishRequest request, CancellationToken cancellationToken);

    /// <summary>Opens a viewer's session. A stream that nobody publishes yet is no error: media follows when it comes.</summary>
    /// <exception cref="ContractException">MalformedSdp, UnusableSdp, NoCommonCodec, AtCapacity or Draining.</exception>
    public Task<OpenedSession> WatchAsync(WatchRequest request, CancellationToken cancellationToken);

    /// <summary>Restarts ICE with the credentials and candidates in the fragment. On an error the old ICE session goes on.</summary>
    /// <returns>
    /// The new ICE session; null when the credentials are those in force, which restarts nothing and adds the candidates.
    /// </returns>
    /// <exception cref="ContractException">MalformedFragment, UnusableSdp or SessionNotFound.</exception>
    public Task<RestartedSession?> RestartIceAsync(SessionId id, string sdpFragment, CancellationToken cancellationToken);

    /// <summary>Adds remote candidates to the current ICE session (RFC 8840).</summary>
    /// <exception cref="ContractException">MalformedFragment, UnusableSdp or SessionNotFound.</exception>
    public Task AddCandidatesAsync(SessionId id, string sdpFragment, CancellationToken cancellationToken);

    /// <exception cref="ContractException">SessionNotFound.</exception>
    public Task CloseAsync(SessionId id, CancellationToken cancellationToken);

    public bool TryGetSession(SessionId id, [NotNullWhen(true)] out SessionInfo? session);

    /// <summary>Takes no new session, tells the peers, closes them, and completes when none is left.</summary>
    /// <param name="graceEnded">Fires when waiting any longer is not wanted; what is left is then closed at once.</param>
    public Task DrainAsync(CancellationToken graceEnded);
}
