using System.Collections.Immutable;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Operations;

/// <summary>Changes that a client makes to its session by a fragment of SDP (RFC 8840): new candidates, a new ICE session.</summary>
internal sealed class SessionUpdates(WorkerPool workers, SessionTable sessions) : IDisposable
{
    private readonly SemaphoreSlim _restarts = new(1);

    public async Task<RestartedSession?> RestartIceAsync(SessionId id, string sdpFragment, CancellationToken cancellationToken)
    {
        SdpFragment fragment = ParseFragment(sdpFragment);
        // One at a time: of two restarts of one session the worker and the table must keep the same.
        await _restarts.WaitAsync(cancellationToken);
        try
        {
            MediaSession session = Find(id);
            RemoteIce current = session.Negotiated.Ice;
            if (fragment.UsernameFragment != current.UsernameFragment || fragment.Password != current.Password)
                return await RestartIceAsync(session, fragment);
            // Players exist that add candidates so.
            await AddCandidatesAsync(id, sdpFragment);
            return null;
        }
        finally
        {
            _restarts.Release();
        }
    }

    public async Task AddCandidatesAsync(SessionId id, string sdpFragment)
    {
        MediaSession session = Find(id);
        SdpFragment fragment = ParseFragment(sdpFragment);
        if (fragment.UsernameFragment is { } usernameFragment && usernameFragment != session.Negotiated.Ice.UsernameFragment)
        {
            throw new ContractException(
                ErrorCode.UnusableSdp, "The fragment belongs to another ICE session; an ICE restart is asked for with If-Match: \"*\".");
        }
        ImmutableArray<IceCandidate> candidates = [.. ParseCandidates(fragment)];
        await session.Worker.InvokeAsync((media, _) => AddCandidates(media, session.Peer, candidates));
    }

    /// <exception cref="ContractException">SessionNotFound.</exception>
    public MediaSession Find(SessionId id) => sessions.TryGet(id, out MediaSession? session) ? session : throw NotFound();

    public void Dispose() => _restarts.Dispose();

    public static ContractException NotFound() => new(ErrorCode.SessionNotFound, "The session has ended.");

    private async Task<RestartedSession> RestartIceAsync(MediaSession session, SdpFragment fragment)
    {
        var local = IceCredentials.Create(workers.Entropy);
        if (!SessionNegotiator.TryRestart(session.Negotiated, fragment, workers.TransportOn(session.Worker, local),
            out RestartAnswer? restarted, out NegotiationError? error))
            throw SdpProblems.Unusable(error);
        var remote = new IceCredentials(restarted.Session.Ice.UsernameFragment, restarted.Session.Ice.Password);
        if (!await session.Worker.InvokeAsync((media, now) => media.Peers.RestartIce(session.Peer, local, remote, now)))
            throw NotFound();
        sessions.Update(session.Id, known =>
            known with { Negotiated = restarted.Session, Info = known.Info with { ETag = EntityTags.Of(local.UsernameFragment) } });
        return new RestartedSession(restarted.Fragment.ToString(), EntityTags.Of(local.UsernameFragment));
    }

    private static bool AddCandidates(MediaWorker media, PeerId peer, ImmutableArray<IceCandidate> candidates)
    {
        if (media.Peers.Find(peer) is not { } found)
            return false;
        foreach (IceCandidate candidate in candidates)
            found.Transport.Ice.AddRemoteCandidate(candidate);
        return true;
    }

    private static SdpFragment ParseFragment(string text) =>
        SdpFragment.TryParse(text, SdpLimits.Default, out SdpFragment? fragment, out SdpError? error)
            ? fragment!
            : throw SdpProblems.MalformedFragment(error!);

    /// <summary>Candidates we cannot use (host names, other transports) are no error: the client's checks come anyway.</summary>
    private static IEnumerable<IceCandidate> ParseCandidates(SdpFragment fragment)
    {
        foreach (FragmentCandidate candidate in fragment.TrickledCandidates)
        {
            if (IceCandidate.TryParse(candidate.Value, out IceCandidate? parsed))
                yield return parsed;
        }
    }
}
