using System.Diagnostics.CodeAnalysis;
using System.Net;
using MediaGateway.Server.Contracts;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Server.Node;

/// <summary>The node's sessions, by id and by peer. Control plane only: a lock is fine here.</summary>
internal sealed class SessionTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SessionId, MediaSession> _byId = [];
    private readonly Dictionary<PeerId, SessionId> _byPeer = [];
    private readonly Dictionary<IPAddress, int> _halfOpen = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _byId.Count;
        }
    }

    /// <summary>Adds a session; false when its source has as many unfinished ones as it may have.</summary>
    public bool TryAdd(MediaSession session, int maxHalfOpenPerSource)
    {
        lock (_lock)
        {
            int halfOpen = _halfOpen.GetValueOrDefault(session.Source);
            if (halfOpen >= maxHalfOpenPerSource)
                return false;
            _halfOpen[session.Source] = halfOpen + 1;
            _byId.Add(session.Id, session);
            _byPeer.Add(session.Peer, session.Id);
            return true;
        }
    }

    public bool TryGet(SessionId id, [NotNullWhen(true)] out MediaSession? session)
    {
        lock (_lock)
            return _byId.TryGetValue(id, out session);
    }

    /// <summary>Replaces what is known of a session; does nothing when it has ended meanwhile.</summary>
    public void Update(SessionId id, Func<MediaSession, MediaSession> change)
    {
        lock (_lock)
        {
            if (_byId.TryGetValue(id, out MediaSession? session))
                _byId[id] = change(session);
        }
    }

    public MediaSession? MarkConnected(PeerId peer)
    {
        lock (_lock)
        {
            if (!_byPeer.TryGetValue(peer, out SessionId id))
                return null;
            MediaSession session = _byId[id];
            if (!session.IsConnected)
                ReleaseHalfOpen(session.Source);
            return _byId[id] = session with { IsConnected = true };
        }
    }

    /// <summary>The session that ended; null when it had been removed before.</summary>
    public MediaSession? Remove(PeerId peer)
    {
        lock (_lock)
        {
            if (!_byPeer.Remove(peer, out SessionId id))
                return null;
            _byId.Remove(id, out MediaSession? session);
            if (!session!.IsConnected)
                ReleaseHalfOpen(session.Source);
            return session;
        }
    }

    private void ReleaseHalfOpen(IPAddress source)
    {
        int left = _halfOpen[source] - 1;
        if (left == 0)
            _halfOpen.Remove(source);
        else
            _halfOpen[source] = left;
    }
}
