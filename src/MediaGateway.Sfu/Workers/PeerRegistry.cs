using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;

namespace MediaGateway.Sfu.Workers;

/// <summary>
/// The life of a worker's peers: it admits them, registers them, learns from them that they have connected or closed, and is the only
/// place where a peer ends.
/// <para><b>Invariant: a peer is in the table from <see cref="Register"/> until it has closed, and has no timer and no waiting handshake
/// datagram afterwards.</b></para>
/// </summary>
public sealed class PeerRegistry : IPeerObserver
{
    private readonly MediaWorkerOptions _options;
    private readonly WorkerContext _context;
    private readonly IWorkerOutbox _outbox;
    private readonly PeerTable _table = new();
    private readonly HandshakeQueue _handshakes = new();
    private readonly Queue<Peer> _newcomers = [];
    private int _connected;

    /// <param name="options">The worker's limits.</param>
    /// <param name="context">What everything on the worker shares.</param>
    /// <param name="outbox">Gets the events of the peers.</param>
    internal PeerRegistry(MediaWorkerOptions options, WorkerContext context, IWorkerOutbox outbox)
    {
        _options = options;
        _context = context;
        _outbox = outbox;
    }

    /// <summary>Finds the peer of a datagram.</summary>
    internal PeerTable Table => _table;

    /// <summary>Handshake datagrams that wait for their turn.</summary>
    internal HandshakeQueue Handshakes => _handshakes;

    /// <summary>True when the worker is stopping and admits nobody.</summary>
    internal bool IsDraining { get; private set; }

    public int Count => _table.Count;

    /// <summary>Number of peers that have not connected yet.</summary>
    public int HalfOpenCount => _table.Count - _connected;

    /// <summary>Tells whether the worker has room for one more peer.</summary>
    /// <param name="participants">
    /// Number of participants in the worker's rooms: a participant takes a place before its media has been negotiated.
    /// </param>
    internal OpenResult Admit(int participants) =>
        IsDraining ? OpenResult.Draining
        : Math.Max(Count, participants) >= _options.MaxPeers ? OpenResult.TooManyPeers
        : HalfOpenCount >= _options.MaxHalfOpenPeers ? OpenResult.TooManyHalfOpenPeers
        : OpenResult.Opened;

    /// <summary>Takes a peer in: its datagrams find it from now on.</summary>
    internal void Register(Peer peer, MonotonicTime now)
    {
        peer.Observer = this;
        _table.Add(peer, peer.Transport.Ice.LocalCredentials.UsernameFragment);
        peer.Attach(_context, now);
        _newcomers.Enqueue(peer);
    }

    /// <summary>Takes the next peer that was registered since the last turn and has not closed.</summary>
    internal bool TryTakeNewcomer([NotNullWhen(true)] out Peer? newcomer)
    {
        while (_newcomers.TryDequeue(out newcomer))
        {
            if (newcomer.Transport.State != PeerTransportState.Closed)
                return true;
        }
        return false;
    }

    public Peer? Find(PeerId id)
    {
        _context.Owner.Assert();
        return _table.Find(id);
    }

    /// <summary>Closes a peer. False when there is none of this id, as it may have closed by itself.</summary>
    public bool Close(PeerId id, PeerCloseReason reason, MonotonicTime now)
    {
        Peer? peer = Find(id);
        peer?.Close(reason, now);
        return peer is not null;
    }

    /// <summary>
    /// Restarts a peer's ICE (RFC 8445 section 9): new credentials, same DTLS and SRTP. False when there is none of this id.
    /// </summary>
    public bool RestartIce(PeerId id, IceCredentials local, IceCredentials remote, MonotonicTime now)
    {
        if (Find(id) is not { } peer)
            return false;
        peer.Transport.Ice.Restart(local, remote, now);
        _table.AddUsername(id, local.UsernameFragment);
        return true;
    }

    /// <summary>Admits nobody from now on.</summary>
    internal void Drain() => IsDraining = true;

    /// <summary>The worker stood still for a time in which it heard nobody: that time is no silence of the peers'.</summary>
    internal void OnStandstill(TimeSpan time, MonotonicTime now)
    {
        foreach (Peer peer in _table.Peers)
            peer.Transport.OnStandstill(time, now);
    }

    internal void CloseAll(PeerCloseReason reason, MonotonicTime now)
    {
        foreach (Peer peer in _table.Peers.ToImmutableArray())
            peer.Close(reason, now);
    }

    void IPeerObserver.OnPeerStateChanged(Peer peer, MonotonicTime now)
    {
        if (peer.Transport.State == PeerTransportState.Connected)
        {
            _connected++;
            peer.CountsAsConnected = true;
            _outbox.Add(new WorkerEvent.PeerConnected(peer.Id));
        }
        else if (peer.Transport.State == PeerTransportState.Closed)
        {
            End(peer, peer.Transport.CloseReason, now);
        }
    }

    void IPeerObserver.OnPeerFault(Peer peer, Exception fault, MonotonicTime now) => OnPeerFault(peer, fault, now);

    /// <summary>A peer that hit a bug is abandoned: it says no goodbye, and ends as every other does.</summary>
    internal void OnPeerFault(Peer peer, Exception fault, MonotonicTime now)
    {
        _outbox.Add(new WorkerEvent.PeerFaulted(peer.Id, fault));
        peer.Transport.Abandon();
        peer.AfterEvent(now);
    }

    private void End(Peer peer, PeerCloseReason reason, MonotonicTime now)
    {
        Debug.Assert(_table.Find(peer.Id) == peer, "A peer ends once.");
        _context.Timers.Cancel(peer);
        _handshakes.Remove(peer);
        _table.Remove(peer.Id);
        if (peer.CountsAsConnected)
            _connected--;
        try
        {
            peer.OnRemoved(reason, now);
        }
        finally
        {
            // Also after a bug in there: an event lost is a session leaked.
            _outbox.Add(new WorkerEvent.PeerClosed(peer.Id, reason));
            peer.Transport.Dispose();
        }
    }
}
