using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Dtls;
using MediaGateway.Platform.Udp;
using MediaGateway.Platform.Workers;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Testing.Loopback;

/// <summary>
/// One media worker as it runs in production, on its own thread and a real socket of 127.0.0.1, without HTTP in front.
/// </summary>
public sealed class LoopbackGateway : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly SystemEntropy _entropy = new();
    private readonly UdpDatapath _datapath;
    private readonly MediaWorker _worker;
    private readonly WorkerThread _thread;
    private readonly PeerFactory _peers;
    private readonly ImmutableArray<string> _candidates;
    private readonly ConcurrentQueue<Exception> _faults = new();
    private readonly PeerIdSource _peerIds = new();

    public LoopbackGateway(DatapathEngine engine, bool isSegmenting = true, int sendBatch = 256)
    {
        Dtls = new OpenSslDtlsContext(DtlsCertificate.CreateSelfSigned(TimeProvider.System));
        _datapath = UdpDatapath.Open(new UdpEndpointOptions { Addresses = [IPAddress.Loopback], Engine = engine, Segmentation = isSegmenting, SendBatchSize = sendBatch }, new DropCounters());
        var transports = new TransportFactory(Dtls, _entropy, Clock.NtpClock, IceOptions.Default, new DtlsOptions());
        _candidates = [IceCandidate.Host(Address, ushort.MaxValue).ToString()];
        var rooms = new RoomServices(transports, _peerIds, _entropy, _candidates);
        _worker = new MediaWorker(
            new MediaWorkerOptions(), _datapath, _datapath, new Outbox(_faults), _datapath.Drops, Clock.NtpClock, rooms, TestSlates.Library, Clock.Now);
        _thread = new WorkerThread(0, _datapath, _worker, Clock, _faults.Enqueue);
        _peers = new PeerFactory(transports);
        _thread.Start();
    }

    public MonotonicClock Clock { get; } = new();

    /// <summary>The process's certificate; the peers of a test share it with the gateway.</summary>
    public OpenSslDtlsContext Dtls { get; }

    public DatapathEngine Engine => _datapath.Engine;

    public TransportAddress Address => _datapath.LocalAddresses[0];

    public DropCounters Drops => _datapath.Drops;

    public DatapathStatistics Statistics => _datapath.Statistics;

    /// <summary>Peers that it took in and that are not connected yet.</summary>
    public int HalfOpenPeerCount => Invoke((worker, _) => worker.HalfOpenPeerCount);

    /// <summary>What went wrong inside the worker: nothing, in a test that passes.</summary>
    public IReadOnlyCollection<Exception> Faults => _faults;

    /// <summary>Takes a publisher in and returns the answer.</summary>
    public SessionDescription Publish(string stream, SessionDescription offer)
    {
        if (!_peers.TryCreatePublisher(
            _peerIds.Next(), offer, [MediaKind.Audio, MediaKind.Video], _candidates, out AnsweredPeer<Publisher>? answered, out NegotiationError? error))
            throw new InvalidOperationException(error.ToString());
        RequireOpened(Invoke((worker, now) => worker.OpenPublisher(stream, answered.Peer, takeOver: false, now)));
        return answered.Session.LocalDescription;
    }

    /// <summary>Takes a viewer in and returns the answer.</summary>
    public SessionDescription Watch(string stream, SessionDescription offer)
    {
        LiveStreamSnapshot? live = Invoke((worker, _) => worker.FindStream(stream)?.Snapshot());
        if (!_peers.TryCreateViewer(
            _peerIds.Next(), offer, live?.Codecs ?? [], _candidates, out AnsweredPeer<Viewer>? answered, out NegotiationError? error))
            throw new InvalidOperationException(error.ToString());
        RequireOpened(Invoke((worker, now) => worker.OpenViewer(stream, ViewTarget.Program, answered.Peer, now)));
        return answered.Session.LocalDescription;
    }

    /// <summary>Runs a command on the worker's thread and waits for its result.</summary>
    /// <exception cref="TimeoutException">The worker did not get to it.</exception>
    public T Invoke<T>(Func<MediaWorker, MonotonicTime, T> command)
    {
        T? result = default;
        using var done = new ManualResetEventSlim();
        _worker.Post(now =>
        {
            result = command(_worker, now);
            done.Set();
        });
        return done.Wait(Limit) ? result! : throw new TimeoutException("The worker did not run the command.");
    }

    public void Dispose()
    {
        // Peers hold DTLS endpoints, which a process-wide count sees.
        Invoke((worker, now) =>
        {
            worker.Drain(now);
            return worker.PeerCount;
        });
        if (_thread.Stop(Limit))
            _datapath.Dispose();
        Dtls.Dispose();
    }

    private static void RequireOpened(OpenResult result)
    {
        if (result != OpenResult.Opened)
            throw new InvalidOperationException($"The worker refused the peer: {result}.");
    }

    private sealed class Outbox(ConcurrentQueue<Exception> faults) : IWorkerEvents
    {
        public void OnPeerConnected(PeerId peer)
        {
        }

        public void OnPeerClosed(PeerId peer, PeerCloseReason reason)
        {
        }

        public void OnStreamChanged(LiveStreamSnapshot stream)
        {
        }

        public void OnStreamFault(string stream, Exception fault) => faults.Enqueue(fault);

        public void OnRelayFault(Exception fault) => faults.Enqueue(fault);

        public void OnRoomChanged(RoomInfo room)
        {
        }

        public void OnParticipantChanged(string room, ParticipantInfo participant)
        {
        }

        public void OnParticipantLeft(string room, ParticipantInfo participant)
        {
        }

        public void OnPeerFault(PeerId peer, Exception fault) => faults.Enqueue(fault);

        public void OnRoomClosed(RoomSid sid, string name)
        {
        }

        public void OnRoomFault(string room, Exception fault) => faults.Enqueue(fault);
    }
}
