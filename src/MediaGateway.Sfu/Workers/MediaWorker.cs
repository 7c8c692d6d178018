using System.Collections.Concurrent;
using System.Collections.Immutable;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Relay;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Workers;

/// <summary>
/// The logic of one worker: its peers, its live streams, its timers. One thread drives it through
/// <see cref="IDatapathHandler"/>; other threads only <see cref="Post"/> commands, which run between batches.
/// <para><b>Invariant: everything reachable from here is touched by this worker's thread alone, but for the inbox and the
/// rings to and from other workers (<see cref="RelayRing"/>).</b></para>
/// </summary>
public sealed class MediaWorker : IDatapathHandler, IPeerObserver
{
    private readonly MediaWorkerOptions _options;
    private readonly IWorkerOutbox _outbox;
    private readonly PeerTable _peers = new();
    private readonly ConcurrentQueue<Action<MonotonicTime>> _inbox = new();
    /// <summary>How soon another worker that had no room for what it has to be told is tried again.</summary>
    private static readonly TimeSpan RelayRetryInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// How many steps of handshakes one tick makes, at a few tenths of a millisecond each: so long the packets that came meanwhile wait.
    /// </summary>
    private const int HandshakeStepsPerTick = 2;

    private readonly EarlyChecks _earlyChecks = new();

    /// <summary>Peers that have come since the last tick.</summary>
    private readonly Queue<Peer> _newcomers = [];
    private readonly HandshakeQueue _handshakes = new();
    private readonly byte[] _handshakeDatagram = new byte[HandshakeQueue.MaxDatagram];
    private readonly SourceRateLimiter _unprovenChecks;
    private readonly TimerWheel _timers;
    private readonly WorkerContext _context;
    private readonly RoomTable _rooms;
    private readonly LiveStreamTable _streams;
    private readonly RelayTable _relays;
    private readonly LoadShedder _shedder;
    private readonly IWakeup _wakeup;
    private int _connected;
    private bool _draining;

    public MediaWorker(
        MediaWorkerOptions options,
        IDatagramSender datagrams,
        IWakeup wakeup,
        IPrefetcher prefetcher,
        IWorkerOutbox outbox,
        DropCounters drops,
        NtpClock clock,
        RoomServices rooms,
        SlateLibrary slates,
        MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rooms);
        _options = options;
        _outbox = outbox;
        _wakeup = wakeup;
        _timers = new TimerWheel(now);
        _unprovenChecks = new SourceRateLimiter(options.UnprovenChecksPerSecond);
        Drops = drops;
        _context = new WorkerContext(_timers, datagrams, drops, clock, new FanoutQueue(prefetcher));
        _rooms = new RoomTable(rooms, _context, _peers, outbox, Register);
        _streams = new LiveStreamTable(_context, slates, _rooms, outbox);
        _relays = new RelayTable(_context, _streams, outbox);
        _shedder = new LoadShedder(
            options.Index, _context.Shedding, drops, overload => outbox.Add(new WorkerEvent.OverloadChanged(overload)), now);
    }

    public DropCounters Drops { get; }

    /// <summary>How much video is left out for want of time; see <see cref="SheddingPlan"/>. Readable from any thread.</summary>
    public int SheddingLevel => _context.Shedding.Level;

    public int PeerCount => _peers.Count;

    public int HalfOpenPeerCount => _peers.Count - _connected;

    public IReadOnlyCollection<LiveStream> Streams => _streams.Streams;

    /// <summary>Streams of other workers that have viewers here.</summary>
    public IReadOnlyCollection<LiveStreamMirror> Mirrors => _relays.Streams;

    public IReadOnlyCollection<Room> Rooms => _rooms.Rooms;

    /// <summary>What has crossed between this worker and others. Readable from any thread.</summary>
    public RelayStatistics Relay => _relays.Statistics;

    /// <summary>Publications on their way from here to other workers, and from those to here.</summary>
    internal int RelayedPublicationCount => _relays.PublicationCount;

    /// <summary>
    /// Lets each of these workers carry viewers of the others' live streams. To be called once, before a thread drives any of
    /// them; they are known to each other by their places in the list.
    /// </summary>
    /// <param name="workers">All of a node.</param>
    /// <param name="ringCapacity">Bytes that may be on their way from one to another; a power of 2.</param>
    public static void Connect(IReadOnlyList<MediaWorker> workers, int ringCapacity = RelayRing.DefaultCapacity)
    {
        ArgumentNullException.ThrowIfNull(workers);
        var ports = new RelayPort?[workers.Count, workers.Count];
        for (int one = 0; one < workers.Count; one++)
        {
            for (int other = one + 1; other < workers.Count; other++)
                (ports[one, other], ports[other, one]) = RelayPort.Connect(workers[one]._wakeup, workers[other]._wakeup, ringCapacity);
        }
        for (int one = 0; one < workers.Count; one++)
            workers[one]._relays.Connect([.. Enumerable.Range(0, workers.Count).Select(other => ports[one, other])]);
    }

    /// <summary>Queues a command for the worker's thread. Callable from any thread.</summary>
    public void Post(Action<MonotonicTime> command)
    {
        _inbox.Enqueue(command);
        _wakeup.Wake();
    }

    public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        DatagramKind kind = DatagramClassifier.Classify(datagram);
        if (kind == DatagramKind.Unknown)
        {
            Drops.Count(DropReason.UnknownProtocol);
            return;
        }
        DropReason missing = DropReason.UnknownPeer;
        Peer? peer = kind == DatagramKind.Stun ? FindByStun(datagram, path, now, out missing) : _peers.Find(path);
        if (peer is null)
        {
            Drops.Count(missing);
            return;
        }
        if (kind == DatagramKind.Dtls && (peer.HandshakeBacklog.Count > 0 || peer.Transport.State < PeerTransportState.Connected))
        {
            DropReason refusal = _handshakes.Add(peer, datagram, path);
            if (refusal != DropReason.None)
                Drops.Count(refusal);
            return;
        }
        Deliver(peer, datagram, kind, path, now);
        if (_context.Fanout.IsFull)
            Flush(now);
    }

    public MonotonicTime OnTick(MonotonicTime now)
    {
        // What came goes to those who were subscribed when it did.
        Flush(now);
        while (_inbox.TryDequeue(out Action<MonotonicTime>? command))
            command(now);
        while (_newcomers.TryDequeue(out Peer? newcomer))
            ServeEarlyCheck(newcomer, now);
        bool hasMore = _relays.Receive(now);
        _timers.Advance(now);
        // Slates are played by the timers.
        Flush(now);
        ServeHandshakes(now);
        MonotonicTime next = MonotonicTime.Min(_timers.NextDeadline, _shedder.DeadlineAt(now));
        return hasMore || !_handshakes.IsEmpty ? now : _relays.IsBehind ? MonotonicTime.Min(next, now + RelayRetryInterval) : next;
    }

    public void OnLoad(in WorkerLoad load, MonotonicTime now) => _shedder.OnLoad(load, now);

    /// <summary>Takes a publisher in. It goes on air once it is connected.</summary>
    public OpenResult OpenPublisher(string streamName, Publisher publisher, bool takeOver, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(publisher);
        OpenResult admitted = Admit();
        if (admitted != OpenResult.Opened)
            return admitted;
        LiveStream? stream = _streams.FindStream(streamName);
        if (stream is not null && !stream.Admits(takeOver, now))
            return OpenResult.StreamHasPublisher;
        Register(publisher, now);
        _streams.FindOrCreate(streamName).Add(publisher, now);
        return OpenResult.Opened;
    }

    /// <summary>Takes a viewer in; the stream need not be live yet.</summary>
    /// <param name="streamName">Which stream.</param>
    /// <param name="target">What of it.</param>
    /// <param name="viewer">Who watches.</param>
    /// <param name="now">The time.</param>
    public OpenResult OpenViewer(string streamName, ViewTarget target, Viewer viewer, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        OpenResult admitted = Admit();
        if (admitted != OpenResult.Opened)
            return admitted;
        LiveStream? stream = _streams.FindStream(streamName);
        if (stream is not null && stream.Viewers.Count >= _options.MaxViewersPerStream)
            return OpenResult.TooManyViewers;
        if (target.SourceId.Length > 0 && stream?.HasSource(target.SourceId) != true)
            return OpenResult.SourceNotFound;
        Register(viewer, now);
        stream ??= _streams.FindOrCreate(streamName);
        stream.Add(viewer, target, now);
        _streams.OnStreamChanged(stream);
        return OpenResult.Opened;
    }

    /// <summary>Takes a viewer in of a live stream that lives on another worker.</summary>
    /// <param name="home">That worker.</param>
    /// <param name="streamName">Which stream; it need not be live yet.</param>
    /// <param name="target">What of it; the viewers of a single source are where the stream is.</param>
    /// <param name="viewer">Who watches.</param>
    /// <param name="now">The time.</param>
    public OpenResult OpenRelayedViewer(int home, string streamName, ViewTarget target, Viewer viewer, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        OpenResult admitted = Admit();
        if (admitted != OpenResult.Opened)
            return admitted;
        if (_relays.Find(streamName)?.Viewers.Count >= _options.MaxViewersPerStream)
            return OpenResult.TooManyViewers;
        if (target.SourceId.Length > 0)
            return OpenResult.SourceNotFound;
        LiveStreamMirror stream = _relays.FindOrCreate(home, streamName);
        Register(viewer, now);
        stream.Add(viewer, target, now);
        _relays.OnChanged(stream);
        return OpenResult.Opened;
    }

    /// <summary>Ends a peer; false when there is none of this id (it may have ended by itself).</summary>
    public bool ClosePeer(PeerId id, PeerCloseReason reason, MonotonicTime now)
    {
        Peer? peer = _peers.Find(id);
        peer?.Close(reason, now);
        return peer is not null;
    }

    /// <summary>ICE restart (RFC 8445 section 9): new credentials, same DTLS and SRTP.</summary>
    public bool RestartIce(PeerId id, IceCredentials local, IceCredentials remote, MonotonicTime now)
    {
        if (_peers.Find(id) is not { } peer)
            return false;
        peer.Transport.Ice.Restart(local, remote, now);
        _peers.AddUsername(id, local.UsernameFragment);
        return true;
    }

    public Peer? FindPeer(PeerId id) => _peers.Find(id);

    public LiveStream? FindStream(string name) => _streams.FindStream(name);

    /// <summary>A stream of another worker; null when it has no viewers here.</summary>
    public LiveStreamMirror? FindMirror(string name) => _relays.Find(name);

    /// <summary>Keeps a stream, published and watched or not, until it is deleted. Null while the worker stops.</summary>
    public LiveStream? KeepStream(string name, MonotonicTime now)
    {
        if (_draining)
            return null;
        LiveStream stream = _streams.FindOrCreate(name);
        stream.IsKept = true;
        _streams.OnChanged(stream, now);
        return stream;
    }

    /// <summary>Sends its publishers and viewers away, and forgets it.</summary>
    public void DeleteStream(LiveStream stream, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _streams.Delete(stream, PeerCloseReason.StreamDeleted, now);
    }

    public Room? FindRoom(string name) => _rooms.Find(name);

    /// <summary>Opens a room that nobody has joined yet; the one that is there when there is one. Null when there are too many.</summary>
    public Room? CreateRoom(string name, RoomOptions options, MonotonicTime now) =>
        _rooms.Find(name) ?? (_draining || _rooms.Rooms.Count >= _options.MaxRooms ? null : _rooms.Create(name, options, now));

    /// <summary>Lets somebody into a room.</summary>
    /// <param name="roomName">Which room.</param>
    /// <param name="mayCreate">Whether the room is opened when there is none.</param>
    /// <param name="participant">Who.</param>
    /// <param name="defaults">What a room opened by this is like.</param>
    /// <param name="observer">Its signaling, which may be told things before this returns.</param>
    /// <param name="now">The time.</param>
    public JoinOutcome Join(
        string roomName, bool mayCreate, ParticipantOptions participant, RoomOptions defaults, IParticipantObserver observer, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(participant);
        switch (Admit())
        {
            case OpenResult.Draining:
                return JoinOutcome.Refused(JoinResult.Draining);
            case OpenResult.TooManyPeers or OpenResult.TooManyHalfOpenPeers:
                return JoinOutcome.Refused(JoinResult.TooManyPeers);
        }
        if (_rooms.Find(roomName) is null && !mayCreate)
            return JoinOutcome.Refused(JoinResult.RoomNotFound);
        return CreateRoom(roomName, defaults, now)?.Join(participant, observer, now) ?? JoinOutcome.Refused(JoinResult.TooManyRooms);
    }

    /// <summary>Takes nobody in any more, and says goodbye to all.</summary>
    public void Drain(MonotonicTime now)
    {
        _draining = true;
        _relays.IsDraining = true;
        _rooms.CloseAll(DisconnectReason.ServerShutdown, now);
        foreach (Peer peer in _peers.Peers.ToImmutableArray())
            peer.Close(PeerCloseReason.ShuttingDown, now);
        foreach (LiveStream stream in _streams.Streams.ToImmutableArray())
            _streams.Delete(stream, PeerCloseReason.ShuttingDown, now);
    }

    void IPeerObserver.OnPeerStateChanged(Peer peer, MonotonicTime now)
    {
        if (peer.Transport.State == PeerTransportState.Connected)
        {
            _connected++;
            peer.CountsAsConnected = true;
            _outbox.Add(new WorkerEvent.PeerConnected(peer.Id));
            if (peer is Publisher { Stream: { } stream })
                _streams.OnStreamChanged(stream);
        }
        else if (peer.Transport.State == PeerTransportState.Closed)
        {
            Remove(peer, peer.Transport.CloseReason, now);
        }
    }

    void IPeerObserver.OnPeerFault(Peer peer, Exception fault, MonotonicTime now)
    {
        _outbox.Add(new WorkerEvent.PeerFaulted(peer.Id, fault));
        peer.Transport.Abandon();
        peer.AfterEvent(now);
    }

    private void Deliver(Peer peer, Span<byte> datagram, DatagramKind kind, in NetworkPath path, MonotonicTime now)
    {
        try
        {
            if (kind != DatagramKind.Stun)
                peer.Transport.OnDatagram(datagram, kind, path, now);
            else
                OnStun(peer, datagram, path, now);
            peer.AfterEvent(now);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            ((IPeerObserver)this).OnPeerFault(peer, fault, now);
        }
    }

    private void ServeEarlyCheck(Peer newcomer, MonotonicTime now)
    {
        if (newcomer.Transport.State != PeerTransportState.Closed
            && _earlyChecks.TryTake(newcomer.Transport.Ice.LocalCredentials.UsernameFragment, now, out Span<byte> datagram, out NetworkPath path))
        {
            Deliver(newcomer, datagram, DatagramKind.Stun, path, now);
        }
    }

    /// <summary>A few, once all media is on its way; the next tick, which follows at once, goes on.</summary>
    private void ServeHandshakes(MonotonicTime now)
    {
        if (_handshakes.IsEmpty)
            return;
        _context.Datagrams.Flush();
        for (int step = 0; step < HandshakeStepsPerTick && _handshakes.TryTake(_handshakeDatagram, out Peer? peer, out int length, out NetworkPath path); step++)
            Deliver(peer, _handshakeDatagram.AsSpan(0, length), DatagramKind.Dtls, path, now);
    }

    /// <summary>Other workers first: they have as much to do with it as this one, and may begin.</summary>
    private void Flush(MonotonicTime now)
    {
        _relays.Publish();
        _context.Fanout.Flush(now);
    }

    private void OnStun(Peer peer, ReadOnlySpan<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        if (peer.Transport.OnStun(datagram, path, now))
            _peers.Prove(peer, path);
        while (peer.Transport.Ice.TryTakeRemovedPath(out NetworkPath removed))
            _peers.Disprove(peer, removed);
    }

    private Peer? FindByStun(ReadOnlySpan<byte> datagram, in NetworkPath path, MonotonicTime now, out DropReason missing)
    {
        if (!_peers.IsProven(path) && !_unprovenChecks.TryTake(path.Remote, now))
        {
            missing = DropReason.RateLimited;
            return null;
        }
        missing = DropReason.StunUnknownUsername;
        if (!IceAuthentication.TryGetLocalUsernameFragment(datagram, out ReadOnlySpan<byte> usernameFragment))
            return null;
        Peer? peer = _peers.FindByUsername(usernameFragment);
        if (peer is null)
            _earlyChecks.Add(datagram, usernameFragment, path, now);
        return peer;
    }

    private OpenResult Admit() =>
        _draining ? OpenResult.Draining
        : Math.Max(_peers.Count, _rooms.ParticipantCount) >= _options.MaxPeers ? OpenResult.TooManyPeers
        : HalfOpenPeerCount >= _options.MaxHalfOpenPeers ? OpenResult.TooManyHalfOpenPeers
        : OpenResult.Opened;

    private void Register(Peer peer, MonotonicTime now)
    {
        peer.Observer = this;
        _peers.Add(peer, peer.Transport.Ice.LocalCredentials.UsernameFragment);
        peer.Attach(_context, now);
        _newcomers.Enqueue(peer);
    }

    private void Remove(Peer peer, PeerCloseReason reason, MonotonicTime now)
    {
        _timers.Cancel(peer);
        _handshakes.Remove(peer);
        _peers.Remove(peer.Id);
        if (peer.CountsAsConnected)
            _connected--;
        LiveStream? stream = peer switch
        {
            Publisher publisher => publisher.Stream,
            Viewer viewer => viewer.Stream,
            _ => null,
        };
        if (stream is not null)
        {
            stream.Remove(peer, now);
            _streams.OnChanged(stream, now);
        }
        if (peer is Viewer { Mirror: { } relayed } leaving)
        {
            relayed.Remove(leaving, now);
            _relays.OnChanged(relayed);
        }
        peer.OnRemoved(reason, now);
        _outbox.Add(new WorkerEvent.PeerClosed(peer.Id, reason));
        peer.Transport.Dispose();
    }
}
