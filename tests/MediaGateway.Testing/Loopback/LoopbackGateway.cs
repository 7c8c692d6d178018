using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Datapath;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Platform.Dtls;
using MediaGateway.Platform.Memory;
using MediaGateway.Platform.Workers;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Relay;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Testing.Loopback;

/// <summary>
/// Media workers as they run in production, each on its own thread and a real socket of 127.0.0.1, without HTTP in front. All
/// streams live on the first.
/// </summary>
public sealed class LoopbackGateway : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly SystemEntropy _entropy = new();
    private readonly ImmutableArray<UdpDatapath> _datapaths;
    private readonly ImmutableArray<MediaWorker> _workers;
    private readonly ImmutableArray<WorkerThread> _threads;
    private readonly PeerFactory _peers;
    private readonly ConcurrentQueue<Exception> _faults = new();
    private readonly PeerIdSource _peerIds = new();

    public LoopbackGateway(DatapathEngine engine, bool isSegmenting = true, int sendBatch = 256, int workers = 1)
    {
        Dtls = new OpenSslDtlsContext(DtlsCertificate.CreateSelfSigned(TimeProvider.System));
        var endpoint = new UdpEndpointOptions
        { Addresses = [IPAddress.Loopback], Engine = engine, Segmentation = isSegmenting, SendBatchSize = sendBatch };
        _datapaths = [.. Enumerable.Range(0, workers).Select(_ => UdpDatapath.Open(endpoint, new DropCounters()))];
        var transports = new TransportFactory(Dtls, _entropy, Clock.NtpClock, IceOptions.Default, new DtlsOptions());
        _peers = new PeerFactory(transports);
        _workers = [.. _datapaths.Select((datapath, index) => new MediaWorker(
            new MediaWorkerOptions(),
            new WorkerDatapath(datapath, datapath, new HardwarePrefetcher(), datapath.Drops),
            new Outbox(_faults),
            Clock.NtpClock,
            new RoomServices(transports, _peerIds, _entropy, CandidatesOf(index)),
            TestSlates.Library,
            Clock.Now))];
        MediaWorker.Connect(_workers);
        _threads = [.. _datapaths.Select((datapath, index) => new WorkerThread(index, datapath, _workers[index], Clock, _faults.Enqueue))];
        foreach (WorkerThread thread in _threads)
            thread.Start();
    }

    public MonotonicClock Clock { get; } = new();

    /// <summary>The process's certificate; the peers of a test share it with the gateway.</summary>
    public OpenSslDtlsContext Dtls { get; }

    public int WorkerCount => _workers.Length;

    public DatapathEngine Engine => _datapaths[0].Engine;

    /// <summary>The first worker's, as are its drops and statistics.</summary>
    public TransportAddress Address => _datapaths[0].LocalAddresses[0];

    public DropCounters Drops => DropsOf(0);

    public DatapathStatistics Statistics => _datapaths[0].Statistics;

    /// <summary>Peers that it took in and that are not connected yet.</summary>
    public int HalfOpenPeerCount => Enumerable.Range(0, WorkerCount).Sum(index => Invoke(index, (worker, _) => worker.Peers.HalfOpenCount));

    /// <summary>Faults inside the workers: none, in a test that passes.</summary>
    public IReadOnlyCollection<Exception> Faults => _faults;

    public DropCounters DropsOf(int worker) => _datapaths[worker].Drops;

    public RelayStatistics RelayOf(int worker) => _workers[worker].Relay;

    /// <summary>Takes a publisher in and returns the answer.</summary>
    public SessionDescription Publish(string stream, SessionDescription offer)
    {
        if (!_peers.TryCreatePublisher(
            _peerIds.Next(), offer, [MediaKind.Audio, MediaKind.Video], CandidatesOf(0), out AnsweredPeer<Publisher>? answered,
            out NegotiationError? error))
            throw new InvalidOperationException(error.ToString());
        RequireOpened(Invoke((worker, now) => worker.LiveStreams.OpenPublisher(stream, answered.Peer, takeOver: false, now)));
        return answered.Session.LocalDescription;
    }

    /// <summary>Takes a viewer in, on one of the workers, and returns the answer.</summary>
    public SessionDescription Watch(string stream, SessionDescription offer, int index = 0)
    {
        LiveStreamSnapshot? live = Invoke((worker, _) => worker.LiveStreams.Find(stream)?.Snapshot());
        if (!_peers.TryCreateViewer(
            _peerIds.Next(), offer, live?.Codecs
            ?? [], CandidatesOf(index), out AnsweredPeer<Viewer>? answered, out NegotiationError? error))
            throw new InvalidOperationException(error.ToString());
        RequireOpened(Invoke(index, (worker, now) => index == 0
            ? worker.LiveStreams.OpenViewer(stream, ViewTarget.Program, answered.Peer, now)
            : worker.Mirrors.OpenViewer(0, stream, ViewTarget.Program, answered.Peer, now)));
        return answered.Session.LocalDescription;
    }

    /// <summary>Runs a command on the first worker's thread and waits for its result.</summary>
    /// <exception cref="TimeoutException">The worker did not get to it.</exception>
    public T Invoke<T>(Func<MediaWorker, MonotonicTime, T> command) => Invoke(0, command);

    /// <summary>Runs a command on a worker's thread and waits for its result.</summary>
    /// <exception cref="TimeoutException">The worker did not get to it.</exception>
    public T Invoke<T>(int index, Func<MediaWorker, MonotonicTime, T> command)
    {
        T? result = default;
        using var done = new ManualResetEventSlim();
        _workers[index].Post(now =>
        {
            result = command(_workers[index], now);
            done.Set();
        });
        return done.Wait(Limit) ? result! : throw new TimeoutException("The worker did not run the command.");
    }

    public void Dispose()
    {
        // Peers hold DTLS endpoints, which a process-wide count sees.
        for (int index = 0; index < WorkerCount; index++)
        {
            Invoke(index, (worker, now) =>
            {
                worker.Drain(now);
                return worker.Peers.Count;
            });
        }
        for (int index = 0; index < WorkerCount; index++)
        {
            if (_threads[index].Stop(Limit))
                _datapaths[index].Dispose();
        }
        Dtls.Dispose();
    }

    private ImmutableArray<string> CandidatesOf(int worker) =>
        [IceCandidate.Host(_datapaths[worker].LocalAddresses[0], ushort.MaxValue).ToString()];

    private static void RequireOpened(OpenResult result)
    {
        if (result != OpenResult.Opened)
            throw new InvalidOperationException($"The worker refused the peer: {result}.");
    }

    private sealed class Outbox(ConcurrentQueue<Exception> faults) : IWorkerOutbox
    {
        public void Add(WorkerEvent workerEvent)
        {
            if (RecordedEvents.FaultOf(workerEvent) is { } fault)
                faults.Enqueue(fault);
        }
    }
}
