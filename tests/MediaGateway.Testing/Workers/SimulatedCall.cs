using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Dtls;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Testing.Workers;

/// <summary>
/// A worker, peers of one live stream and a clock, without a network between: a datagram arrives in the moment it is
/// sent, and a test throws in what it likes from wherever it likes.
/// </summary>
public sealed class SimulatedCall : IDisposable
{
    public const string StreamName = "live";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly SeededEntropy _entropy;
    private readonly IDtlsContext _remoteDtls;
    private readonly PeerFactory _factory;
    private readonly Dictionary<NetworkPath, RemotePeer> _remotes = [];
    private readonly PeerIdSource _peerIds = new();

    /// <param name="seed">All chance comes from it.</param>
    /// <param name="dtls">The worker's DTLS and its peers'; by default simulated ones.</param>
    /// <param name="options">The worker's limits.</param>
    /// <param name="estimatesBandwidth">What viewers are sent carries transport-wide numbers.</param>
    public SimulatedCall(int seed = 1, (IDtlsContext Gateway, IDtlsContext Remote)? dtls = null, MediaWorkerOptions? options = null,
        bool estimatesBandwidth = false)
    {
        Prefetches = new PrefetchLog(Sent);
        _entropy = new SeededEntropy(seed);
        (IDtlsContext gateway, _remoteDtls) = dtls ?? (new SimulatedDtlsContext(_entropy), new SimulatedDtlsContext(_entropy));
        var clock = new NtpClock(new NtpTime(0xE000_0000_0000_0000));
        var transports = new TransportFactory(gateway, _entropy, clock, IceOptions.Default, new DtlsOptions())
        {
            EstimatesBandwidth = estimatesBandwidth,
        };
        _factory = new PeerFactory(transports);
        var rooms = new RoomServices(transports, _peerIds, _entropy, []);
        var datapath = new WorkerDatapath(Sent, Sent, Prefetches, Drops);
        Worker = new MediaWorker(options ?? new MediaWorkerOptions(), datapath, Events, clock, rooms, TestSlates.Library, Now);
    }

    public MonotonicTime Now { get; private set; } = MonotonicTime.FromMilliseconds(1_000_000);

    public MediaWorker Worker { get; }

    public SentDatagrams Sent { get; } = new();

    public PrefetchLog Prefetches { get; }

    public RecordedEvents Events { get; } = new();

    public DropCounters Drops { get; } = new();

    /// <summary>Datagrams that the worker sent to where none of its peers is.</summary>
    public List<(NetworkPath Path, byte[] Bytes)> Stray { get; } = [];

    /// <summary>Paths for tests: number 1 and up.</summary>
    public static NetworkPath PathOf(int number) => new(new EndpointId(0), TransportAddress.FromIPv4(0xC000_0200u + (uint)number, 5000));

    /// <summary>A peer at the worker and its far end, which has the answer and has sent nothing.</summary>
    /// <exception cref="InvalidOperationException">The worker refused it.</exception>
    public (Publisher Peer, RemotePeer Remote) OpenPublisher(NetworkPath path, CertificateFingerprint? promised = null)
    {
        RemotePeer remote = NewRemote(MediaDirection.Send, path, promised);
        AnsweredPeer<Publisher> answered = AnswerPublisher(remote);
        Require(Worker.LiveStreams.OpenPublisher(StreamName, answered.Peer, takeOver: false, Now));
        return (answered.Peer, remote);
    }

    /// <inheritdoc cref="OpenPublisher"/>
    public (Viewer Peer, RemotePeer Remote) OpenViewer(NetworkPath path, CertificateFingerprint? promised = null)
    {
        OpenResult result = TryOpenViewer(path, out Viewer viewer, out RemotePeer remote, promised);
        Require(result);
        return (viewer, remote);
    }

    /// <summary>Opens a viewer as <see cref="OpenViewer"/> does, for tests of what the worker refuses.</summary>
    public OpenResult TryOpenViewer(NetworkPath path, out Viewer viewer, out RemotePeer remote, CertificateFingerprint? promised = null)
    {
        remote = NewRemote(MediaDirection.Receive, path, promised);
        ImmutableArray<RtpCodec> codecs = Worker.LiveStreams.Find(StreamName)?.Snapshot().Codecs ?? [];
        var id = _peerIds.Next();
        if (!_factory.TryCreateViewer(id, remote.Offer, codecs, [], out AnsweredPeer<Viewer>? answered, out NegotiationError? error))
            throw new InvalidOperationException($"The offer was refused: {error}");
        remote.OnAnswer(answered.Session);
        viewer = answered.Peer;
        return Worker.LiveStreams.OpenViewer(StreamName, ViewTarget.Program, viewer, Now);
    }

    /// <summary>ICE, then DTLS.</summary>
    public void Connect(RemotePeer remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        Check(remote);
        remote.StartDtls(Now);
        Exchange();
    }

    /// <summary>Lets go of the far end: nothing more comes from there.</summary>
    public void Forget(RemotePeer remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        _remotes.Remove(remote.Path);
        remote.Dispose();
    }

    /// <summary>An ICE check from the peer's path, and its answer.</summary>
    public void Check(RemotePeer remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        Receive(remote.CreateCheck(Now), remote.Path);
    }

    /// <summary>Delivers one datagram, and does all that follows from it at once.</summary>
    public void Receive(byte[] datagram, NetworkPath path)
    {
        Worker.OnDatagram([.. datagram], path, Now);
        Worker.OnTick(Now);
        Exchange();
    }

    /// <summary>Time passes; the connected peers keep their consent alive.</summary>
    public void Advance(TimeSpan time)
    {
        MonotonicTime end = Now + time;
        while (Now < end)
        {
            Now = MonotonicTime.Min(Now + Step, end);
            foreach (RemotePeer remote in _remotes.Values)
            {
                if (remote.Ice is { Connected: true } ice && ice.NextCheck <= Now)
                    Check(remote);
            }
            Worker.OnTick(Now);
            Exchange();
        }
    }

    /// <summary>Time passes at the worker alone: what it sends stays in <see cref="Sent"/>, and nobody answers.</summary>
    public void AdvanceQuietly(TimeSpan time)
    {
        Now += time;
        Worker.OnTick(Now);
    }

    public void Dispose()
    {
        Sent.Keeps = false;
        Worker.Drain(Now);
        foreach (RemotePeer remote in _remotes.Values)
            remote.Dispose();
    }

    private AnsweredPeer<Publisher> AnswerPublisher(RemotePeer remote)
    {
        ImmutableArray<MediaKind> kinds = [MediaKind.Audio, MediaKind.Video];
        var id = _peerIds.Next();
        if (!_factory.TryCreatePublisher(id, remote.Offer, kinds, [], out AnsweredPeer<Publisher>? answered, out NegotiationError? error))
            throw new InvalidOperationException($"The offer was refused: {error}");
        remote.OnAnswer(answered.Session);
        return answered;
    }

    private RemotePeer NewRemote(MediaDirection direction, NetworkPath path, CertificateFingerprint? promised)
    {
        var remote = new RemotePeer(direction, path, _remoteDtls, _entropy, promised);
        _remotes.Add(path, remote);
        return remote;
    }

    private void Exchange()
    {
        bool any = true;
        while (any)
        {
            any = false;
            while (Sent.TryTake(out (NetworkPath Path, byte[] Bytes) datagram))
            {
                any = true;
                if (_remotes.TryGetValue(datagram.Path, out RemotePeer? remote))
                    remote.OnDatagram(datagram.Bytes, Now);
                else
                    Stray.Add(datagram);
            }
            foreach (RemotePeer remote in _remotes.Values)
            {
                while (remote.TryTakeOutgoing(out byte[]? datagram))
                {
                    any = true;
                    Worker.OnDatagram(datagram, remote.Path, Now);
                    Worker.OnTick(Now);
                }
            }
        }
    }

    private static void Require(OpenResult result)
    {
        if (result != OpenResult.Opened)
            throw new InvalidOperationException($"The worker refused the peer: {result}");
    }
}
