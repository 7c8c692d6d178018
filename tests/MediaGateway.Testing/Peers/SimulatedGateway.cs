using System.Collections.Immutable;
using System.Net;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Testing.Peers;

/// <summary>
/// A gateway with one worker or more on a simulated network, and the signaling between it and test peers. All streams live on
/// the first worker; of several, viewers take turns, beginning with the second.
/// </summary>
public sealed class SimulatedGateway : IWorkerOutbox
{
    private readonly PeerFactory _factory;
    private readonly PeerIdSource _peerIds = new();
    private int _lastHost = 1;
    private int _viewers;

    public SimulatedGateway(
        SimulatedNetwork network, IDtlsContext dtls, IEntropy entropy, MediaWorkerOptions? options = null, int workers = 1,
        int relayCapacity = 1 << 20, bool estimatesBandwidth = false)
    {
        Network = network;
        Entropy = entropy;
        Dtls = dtls;
        var clock = new NtpClock(new NtpTime(0xE000_0000_0000_0000));
        var transports = new TransportFactory(dtls, entropy, clock, IceOptions.Default, new DtlsOptions())
        {
            EstimatesBandwidth = estimatesBandwidth,
        };
        _factory = new PeerFactory(transports);
        Hosts = [.. Enumerable.Range(1, workers)
            .Select(number => new SimulatedHost(network, TransportAddress.From(IPAddress.Parse($"203.0.113.{number}"), 7882)))];
        Workers = [.. Hosts.Select(host => new MediaWorker(
            options ?? new MediaWorkerOptions(),
            new WorkerDatapath(host, host, new PrefetchLog(new SentDatagrams()), new DropCounters()),
            this,
            clock,
            new RoomServices(transports, _peerIds, entropy, CandidatesOf(host)),
            TestSlates.Library,
            network.Now))];
        (Host, Worker) = (Hosts[0], Workers[0]);
        MediaWorker.Connect(Workers, relayCapacity);
        for (int i = 0; i < workers; i++)
            Hosts[i].Start(Workers[i]);
    }

    public SimulatedNetwork Network { get; }

    public ImmutableArray<SimulatedHost> Hosts { get; }

    public ImmutableArray<MediaWorker> Workers { get; }

    /// <summary>The first worker's.</summary>
    public SimulatedHost Host { get; }

    /// <summary>The first worker, which all streams and rooms live on.</summary>
    public MediaWorker Worker { get; }

    public IEntropy Entropy { get; }

    public IDtlsContext Dtls { get; }

    /// <summary>Peers that ended, and why.</summary>
    public Dictionary<PeerId, PeerCloseReason> Closed { get; } = [];

    /// <summary>Bugs hit inside the worker: a scenario that ends with one has failed.</summary>
    public List<Exception> Faults { get; } = [];

    /// <summary>Rooms that were closed, in order.</summary>
    public List<string> ClosedRooms { get; } = [];

    /// <summary>Notifications of the worker's load, in order.</summary>
    public List<OverloadInfo> Overloads { get; } = [];

    /// <summary>Notifications of live streams, in order.</summary>
    public List<LiveStreamSnapshot> StreamChanges { get; } = [];

    /// <summary>A new host for a client, with the link between it and the gateway.</summary>
    public SimulatedHost AddHost(LinkConditions? link = null) =>
        new(Network, TransportAddress.From(IPAddress.Parse($"198.51.{_lastHost / 250}.{_lastHost++ % 250 + 1}"), 40_000))
        {
            Uplink = link ?? LinkConditions.Perfect,
            Downlink = link ?? LinkConditions.Perfect,
        };

    public (OpenResult Result, PeerId Id) Publish(string stream, TestPeer publisher, SimulatedHost host, bool takeOver = false)
    {
        var id = _peerIds.Next();
        if (!_factory.TryCreatePublisher(id, Parse(publisher.Offer), [MediaKind.Audio, MediaKind.Video], CandidatesOf(Host),
            out AnsweredPeer<Publisher>? answered, out var error))
            throw new InvalidOperationException(error.ToString());
        OpenResult result = Worker.LiveStreams.OpenPublisher(stream, answered.Peer, takeOver, Network.Now);
        if (result == OpenResult.Opened)
            Start(publisher, host, Host, answered.Session.LocalDescription.ToString());
        else
            answered.Peer.Transport.Dispose();
        return (result, id);
    }

    /// <summary>Takes a viewer in: of what is on air on the worker whose turn it is, of a single source on the stream's.</summary>
    public (OpenResult Result, PeerId Id) Watch(string stream, TestPeer viewer, SimulatedHost host, string source = "") =>
        WatchOn(source.Length > 0 ? 0 : ++_viewers % Workers.Length, stream, viewer, host, source);

    public (OpenResult Result, PeerId Id) WatchOn(int worker, string stream, TestPeer viewer, SimulatedHost host, string source = "")
    {
        var id = _peerIds.Next();
        ImmutableArray<RtpCodec> codecs = Worker.LiveStreams.Find(stream)?.Snapshot().Codecs ?? [];
        if (!_factory.TryCreateViewer(id, Parse(viewer.Offer), codecs, CandidatesOf(Hosts[worker]), out AnsweredPeer<Viewer>? answered,
            out var error))
            throw new InvalidOperationException(error.ToString());
        ViewTarget target = ViewTarget.Program with { SourceId = source };
        OpenResult result = worker == 0
            ? Worker.LiveStreams.OpenViewer(stream, target, answered.Peer, Network.Now)
            : Workers[worker].Mirrors.OpenViewer(0, stream, target, answered.Peer, Network.Now);
        if (result == OpenResult.Opened)
            Start(viewer, host, Hosts[worker], answered.Session.LocalDescription.ToString());
        else
            answered.Peer.Transport.Dispose();
        return (result, id);
    }

    /// <summary>Drains all workers, and delivers what they send to each other meanwhile.</summary>
    public void Drain()
    {
        foreach (MediaWorker worker in Workers)
            worker.Drain(Network.Now);
        for (int round = 0; round < 3; round++)
        {
            foreach (MediaWorker worker in Workers)
                worker.OnTick(Network.Now);
        }
    }

    /// <summary>Counts what is left on the workers: nothing, once they have drained.</summary>
    public int CountLeftOver() => Workers.Sum(worker =>
        worker.Peers.Count + worker.LiveStreams.All.Count + worker.Mirrors.All.Count + worker.Mirrors.PublicationCount);

    void IWorkerOutbox.Add(WorkerEvent workerEvent)
    {
        if (RecordedEvents.FaultOf(workerEvent) is { } fault)
            Faults.Add(fault);
        else if (workerEvent is WorkerEvent.PeerClosed peer)
            Closed.Add(peer.Peer, peer.Reason);
        else if (workerEvent is WorkerEvent.LiveStreamChanged changed)
            StreamChanges.Add(changed.Stream);
        else if (workerEvent is WorkerEvent.RoomClosed room)
            ClosedRooms.Add(room.Name);
        else if (workerEvent is WorkerEvent.OverloadChanged overload)
            Overloads.Add(overload.Overload);
    }

    private static void Start(TestPeer peer, SimulatedHost host, SimulatedHost gateway, string answer)
    {
        peer.Accept(answer, gateway.Address, gateway.Now);
        host.Start(peer);
        gateway.Wake();
    }

    private static ImmutableArray<string> CandidatesOf(SimulatedHost host) => [IceCandidate.Host(host.Address).ToString()];

    private static SessionDescription Parse(string offer) =>
        SessionDescription.TryParse(offer, SdpLimits.Default, out SessionDescription? description, out SdpError? error)
            ? description!
            : throw new InvalidOperationException(error!.ToString());
}
