using System.Collections.Concurrent;
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
/// One worker: it finds the peer of each datagram and takes turns of timers, commands, media and handshakes. Commands stand on its
/// tables (<see cref="Peers"/>, <see cref="Rooms"/>, <see cref="LiveStreams"/>, <see cref="Mirrors"/>). One thread drives it through
/// <see cref="IDatapathHandler"/>; other threads only <see cref="Post"/> commands, which run between batches.
/// <para><b>Invariant: everything reachable from here is touched by this worker's thread alone, but for the inbox and the
/// rings to and from other workers (<see cref="RelayRing"/>).</b> <see cref="ThreadOwner"/> asserts it.</para>
/// </summary>
public sealed class MediaWorker : IDatapathHandler
{
    /// <summary>
    /// Delay of a turn by which the worker counts as having stood still: the process was stopped, the machine was suspended or starved.
    /// No turn takes nearly as long.
    /// </summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(2);

    /// <summary>Time after which a worker that had no room for a record is asked again.</summary>
    private static readonly TimeSpan RelayRetryInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Steps of handshakes in one turn. A step takes a few tenths of a millisecond, for which the packets that came meanwhile wait.
    /// </summary>
    private const int HandshakeStepsPerTurn = 2;

    /// <summary>
    /// Commands in one turn. The dearest, the answer to a whole meeting's offer, takes as long as a step of a handshake (JoinBenchmarks);
    /// most take microseconds.
    /// </summary>
    private const int CommandsPerTurn = 4;

    private readonly ConcurrentQueue<Action<MonotonicTime>> _inbox = new();
    private readonly WorkerDatapath _datapath;
    private readonly WorkerContext _context;
    private readonly LoadShedder _shedder;
    private readonly SourceRateLimiter _unprovenChecks;
    private readonly EarlyChecks _earlyChecks = new();
    private readonly byte[] _handshakeDatagram = new byte[HandshakeQueue.MaxDatagram];

    /// <summary>Time at which the next turn is due at the latest.</summary>
    private MonotonicTime _dueBy = MonotonicTime.Never;
    private long _standstill;

    /// <param name="options">The worker's limits.</param>
    /// <param name="datapath">What the worker needs of the platform.</param>
    /// <param name="outbox">Gets the worker's events.</param>
    /// <param name="clock">The node's NTP clock.</param>
    /// <param name="rooms">What rooms are made with.</param>
    /// <param name="slates">The node's slates.</param>
    /// <param name="now">The time.</param>
    public MediaWorker(
        MediaWorkerOptions options,
        WorkerDatapath datapath,
        IWorkerOutbox outbox,
        NtpClock clock,
        RoomServices rooms,
        SlateLibrary slates,
        MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(datapath);
        ArgumentNullException.ThrowIfNull(rooms);
        _datapath = datapath;
        _unprovenChecks = new SourceRateLimiter(options.UnprovenChecksPerSecond);
        _context = new WorkerContext(new TimerWheel(now), datapath.Datagrams, datapath.Drops, clock, new FanoutQueue(datapath.Prefetcher));
        _context.Allocation.MayPause = options.AllowsPause;
        Peers = new PeerRegistry(options, _context, outbox);
        Rooms = new RoomTable(options, rooms, _context, Peers, outbox);
        LiveStreams = new LiveStreamTable(options, slates, _context, Peers, Rooms, outbox);
        Mirrors = new RelayTable(options, _context, Peers, LiveStreams, outbox);
        _shedder = new LoadShedder(options.Index, _context.Shedding, datapath.Drops, ReportOverload, now);

        void ReportOverload(OverloadInfo overload) => outbox.Add(new WorkerEvent.OverloadChanged(overload));
    }

    /// <summary>The worker's peers of all kinds.</summary>
    public PeerRegistry Peers { get; }

    /// <summary>The worker's rooms, and the commands that open and enter them.</summary>
    public RoomTable Rooms { get; }

    /// <summary>The live streams that live on the worker, and the commands that open and end them.</summary>
    public LiveStreamTable LiveStreams { get; }

    /// <summary>The live streams of other workers that have viewers here.</summary>
    public RelayTable Mirrors { get; }

    public DropCounters Drops => _datapath.Drops;

    /// <summary>Level of how much video is left out for want of time; see <see cref="SheddingPlan"/>. Readable from any thread.</summary>
    public int SheddingLevel => _context.Shedding.Level;

    /// <summary>Time that the worker has stood still for in all, without being asked to. Readable from any thread.</summary>
    public TimeSpan StandstillTime => new(Volatile.Read(ref _standstill));

    /// <summary>Counts of the lines of the worker's receivers. Readable from any thread.</summary>
    public LineCensus Lines => _context.Lines;

    /// <summary>Counts of what has crossed between this worker and others. Readable from any thread.</summary>
    public RelayStatistics Relay => Mirrors.Statistics;

    /// <summary>
    /// Lets each of these workers carry viewers of the others' live streams. To be called once, before a thread drives any of
    /// them; they are known to each other by their places in the list.
    /// </summary>
    /// <param name="workers">All workers of a node.</param>
    /// <param name="ringCapacity">Bytes that may be on their way from one to another; a power of 2.</param>
    public static void Connect(IReadOnlyList<MediaWorker> workers, int ringCapacity = RelayRing.DefaultCapacity)
    {
        ArgumentNullException.ThrowIfNull(workers);
        var ports = new RelayPort?[workers.Count, workers.Count];
        for (int one = 0; one < workers.Count; one++)
        {
            for (int other = one + 1; other < workers.Count; other++)
            {
                (ports[one, other], ports[other, one]) =
                    RelayPort.Connect(workers[one]._datapath.Wakeup, workers[other]._datapath.Wakeup, ringCapacity);
            }
        }
        for (int one = 0; one < workers.Count; one++)
            workers[one].Mirrors.Connect([.. Enumerable.Range(0, workers.Count).Select(other => ports[one, other])]);
    }

    /// <summary>Queues a command for the worker's thread. Callable from any thread.</summary>
    public void Post(Action<MonotonicTime> command)
    {
        _inbox.Enqueue(command);
        _datapath.Wakeup.Wake();
    }

    public void OnThreadStarted() => _context.Owner.Bind();

    /// <summary>
    /// Finds the peer of a datagram and hands it over:
    /// 1. its first byte says what it is (RFC 7983);
    /// 2. STUN finds its peer by the username fragment, since it is how a path is proven; all else by the proven path it came on;
    /// 3. a DTLS datagram of a peer that is not connected waits in the handshake queue, because a step costs as much as a hundred packets;
    /// 4. the peer takes all else at once, and its media waits in the fan-out until the batch ends or 16 packets have come.
    /// </summary>
    public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        _context.Owner.Assert();

        // 1. What it is.
        DatagramKind kind = DatagramClassifier.Classify(datagram);
        if (kind == DatagramKind.Unknown)
        {
            Drops.Count(DropReason.UnknownProtocol);
            return;
        }

        // 2. Whose it is.
        DropReason missing = DropReason.UnknownPeer;
        Peer? peer = kind == DatagramKind.Stun ? FindByStun(datagram, path, now, out missing) : Peers.Table.Find(path);
        if (peer is null)
        {
            Drops.Count(missing);
            return;
        }

        // 3. Handshakes take turns.
        if (kind == DatagramKind.Dtls && (peer.HandshakeBacklog.Count > 0 || peer.Transport.State < PeerTransportState.Connected))
        {
            DropReason refusal = Peers.Handshakes.Add(peer, datagram, path);
            if (refusal != DropReason.None)
                Drops.Count(refusal);
            return;
        }

        // 4. All else at once.
        Deliver(peer, datagram, kind, path, now);
        if (_context.Fanout.IsFull)
            Flush(now);
    }

    /// <summary>The peer of a path that has closed goes on along another one, or waits for a check on a new one.</summary>
    public void OnPathClosed(in NetworkPath path, MonotonicTime now)
    {
        _context.Owner.Assert();
        if (Peers.Table.Find(path) is not { } peer)
            return;
        peer.Transport.OnPathClosed(path, now);
        ForgetRemovedPaths(peer);
        peer.AfterEvent(now);
    }

    /// <summary>
    /// A turn, once all datagrams of a batch have been delivered. When the worker stood still before it, the peers have the time that they
    /// had left before. Then:
    /// 1. the media of the batch goes to those who were subscribed when it came;
    /// 2. up to four commands of other threads run;
    /// 3. new peers get the connectivity check that came before their answer was made;
    /// 4. what other workers sent is taken in;
    /// 5. due timers run: reports, retransmissions, slates, rooms, live streams;
    /// 6. the media that this brought is sent;
    /// 7. two steps of handshakes, with everybody's media on its way.
    /// </summary>
    /// <returns>When the next turn is due at the latest: at once while something waits.</returns>
    public MonotonicTime OnTick(MonotonicTime now)
    {
        _context.Owner.Assert();

        if (!_dueBy.IsNever && now - _dueBy > Standstill)
            OnStandstill(now - _dueBy, now);

        // 1. Media of the batch.
        Flush(now);

        // 2. Commands.
        for (int i = 0; i < CommandsPerTurn && _inbox.TryDequeue(out Action<MonotonicTime>? command); i++)
            command(now);

        // 3. Early checks.
        while (Peers.TryTakeNewcomer(out Peer? newcomer))
            ServeEarlyCheck(newcomer, now);

        // 4. Other workers.
        bool hasMore = Mirrors.Receive(now);

        // 5. Timers.
        _context.Timers.Advance(now);

        // 6. Media of other workers and of slates.
        Flush(now);

        // 7. Handshakes.
        ServeHandshakes(now);

        if (hasMore || !_inbox.IsEmpty || !Peers.Handshakes.IsEmpty)
            return _dueBy = now;
        MonotonicTime next = MonotonicTime.Min(_context.Timers.NextDeadline, _shedder.DeadlineAt(now));
        return _dueBy = Mirrors.IsBehind ? MonotonicTime.Min(next, now + RelayRetryInterval) : next;
    }

    public void OnLoad(in WorkerLoad load, MonotonicTime now)
    {
        _context.Owner.Assert();
        _shedder.OnLoad(load, now);
        _context.Lines.Update(_context.Shedding.Downlinks, now);
    }

    /// <summary>Admits nobody any more, and closes rooms, peers and live streams.</summary>
    public void Drain(MonotonicTime now)
    {
        _context.Owner.Assert();
        Peers.Drain();
        Rooms.CloseAll(DisconnectReason.ServerShutdown, now);
        Peers.CloseAll(PeerCloseReason.ShuttingDown, now);
        LiveStreams.DeleteAll(PeerCloseReason.ShuttingDown, now);
    }

    private void OnStandstill(TimeSpan time, MonotonicTime now)
    {
        Volatile.Write(ref _standstill, _standstill + time.Ticks);
        Peers.OnStandstill(time, now);
        Rooms.OnStandstill(time);
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
            Peers.OnPeerFault(peer, fault, now);
        }
    }

    private void ServeEarlyCheck(Peer newcomer, MonotonicTime now)
    {
        string usernameFragment = newcomer.Transport.Ice.LocalCredentials.UsernameFragment;
        if (_earlyChecks.TryTake(usernameFragment, now, out Span<byte> datagram, out NetworkPath path))
            Deliver(newcomer, datagram, DatagramKind.Stun, path, now);
    }

    private void ServeHandshakes(MonotonicTime now)
    {
        HandshakeQueue handshakes = Peers.Handshakes;
        if (handshakes.IsEmpty)
            return;
        _context.Datagrams.Flush();
        for (int step = 0; step < HandshakeStepsPerTurn; step++)
        {
            if (!handshakes.TryTake(_handshakeDatagram, out Peer? peer, out int length, out NetworkPath path))
                return;
            Deliver(peer, _handshakeDatagram.AsSpan(0, length), DatagramKind.Dtls, path, now);
        }
    }

    /// <summary>Sends the media that waits. Other workers come first: they have as much to do with it as this one, and may begin.</summary>
    private void Flush(MonotonicTime now)
    {
        Mirrors.Publish();
        _context.Fanout.Flush(now);
    }

    private void OnStun(Peer peer, ReadOnlySpan<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        if (peer.Transport.OnStun(datagram, path, now))
            Peers.Table.Prove(peer, path);
        ForgetRemovedPaths(peer);
    }

    private void ForgetRemovedPaths(Peer peer)
    {
        while (peer.Transport.Ice.TryTakeRemovedPath(out NetworkPath removed))
            Peers.Table.Disprove(peer, removed);
    }

    private Peer? FindByStun(ReadOnlySpan<byte> datagram, in NetworkPath path, MonotonicTime now, out DropReason missing)
    {
        if (!Peers.Table.IsProven(path) && !_unprovenChecks.TryTake(path.Remote, now))
        {
            missing = DropReason.RateLimited;
            return null;
        }
        missing = DropReason.StunUnknownUsername;
        if (!IceAuthentication.TryGetLocalUsernameFragment(datagram, out ReadOnlySpan<byte> usernameFragment))
            return null;
        Peer? peer = Peers.Table.FindByUsername(usernameFragment);
        if (peer is null)
            _earlyChecks.Add(datagram, usernameFragment, path, now);
        return peer;
    }
}
