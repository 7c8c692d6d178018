using System.Collections.Immutable;
using System.Net;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Network;

namespace MediaGateway.Testing.Peers;

/// <summary>A gateway with one worker on a simulated network, and the signaling between it and test peers.</summary>
public sealed class SimulatedGateway : IWorkerEvents
{
    private readonly PeerFactory _factory;
    private readonly ImmutableArray<string> _candidates;
    private readonly PeerIdSource _peerIds = new();
    private int _lastHost = 1;

    public SimulatedGateway(SimulatedNetwork network, IDtlsContext dtls, IEntropy entropy, MediaWorkerOptions? options = null)
    {
        Network = network;
        Entropy = entropy;
        Dtls = dtls;
        var clock = new NtpClock(new NtpTime(0xE000_0000_0000_0000));
        Host = new SimulatedHost(network, TransportAddress.From(IPAddress.Parse("203.0.113.1"), 7882));
        _candidates = [IceCandidate.Host(Host.Address).ToString()];
        var transports = new TransportFactory(dtls, entropy, clock, IceOptions.Default, new DtlsOptions());
        _factory = new PeerFactory(transports);
        var rooms = new RoomServices(transports, _peerIds, entropy, _candidates);
        Worker = new MediaWorker(options ?? new MediaWorkerOptions(), Host, Host, this, new DropCounters(), clock, rooms, TestSlates.Library, network.Now);
        Host.Start(Worker);
    }

    public SimulatedNetwork Network { get; }

    public SimulatedHost Host { get; }

    public MediaWorker Worker { get; }

    public IEntropy Entropy { get; }

    public IDtlsContext Dtls { get; }

    /// <summary>Peers that ended, and why.</summary>
    public Dictionary<PeerId, PeerCloseReason> Closed { get; } = [];

    /// <summary>Bugs hit inside the worker: a scenario that ends with one has failed.</summary>
    public List<Exception> Faults { get; } = [];

    /// <summary>Rooms that were closed, in order.</summary>
    public List<string> ClosedRooms { get; } = [];

    /// <summary>What was told of live streams, in order.</summary>
    public List<LiveStreamSnapshot> StreamChanges { get; } = [];

    /// <summary>A new host for a client, with the link between it and the gateway.</summary>
    public SimulatedHost AddHost(LinkConditions? link = null) => new(Network, TransportAddress.From(IPAddress.Parse($"198.51.{_lastHost / 250}.{_lastHost++ % 250 + 1}"), 40_000))
    {
        Uplink = link ?? LinkConditions.Perfect,
        Downlink = link ?? LinkConditions.Perfect,
    };

    public (OpenResult Result, PeerId Id) Publish(string stream, TestPublisher publisher, SimulatedHost host, bool takeOver = false)
    {
        var id = _peerIds.Next();
        if (!_factory.TryCreatePublisher(id, Parse(publisher.Offer), [MediaKind.Audio, MediaKind.Video], _candidates, out AnsweredPeer<Publisher>? answered, out var error))
            throw new InvalidOperationException(error.ToString());
        OpenResult result = Worker.OpenPublisher(stream, answered.Peer, takeOver, Network.Now);
        if (result == OpenResult.Opened)
            Start(publisher, host, answered.Session.LocalDescription.ToString());
        else
            answered.Peer.Transport.Dispose();
        return (result, id);
    }

    public (OpenResult Result, PeerId Id) Watch(string stream, TestViewer viewer, SimulatedHost host, string source = "")
    {
        var id = _peerIds.Next();
        ImmutableArray<RtpCodec> codecs = Worker.FindStream(stream)?.Snapshot().Codecs ?? [];
        if (!_factory.TryCreateViewer(id, Parse(viewer.Offer), codecs, _candidates, out AnsweredPeer<Viewer>? answered, out var error))
            throw new InvalidOperationException(error.ToString());
        OpenResult result = Worker.OpenViewer(stream, ViewTarget.Program with { SourceId = source }, answered.Peer, Network.Now);
        if (result == OpenResult.Opened)
            Start(viewer, host, answered.Session.LocalDescription.ToString());
        else
            answered.Peer.Transport.Dispose();
        return (result, id);
    }

    void IWorkerEvents.OnPeerConnected(PeerId peer)
    {
    }

    void IWorkerEvents.OnPeerClosed(PeerId peer, PeerCloseReason reason) => Closed.Add(peer, reason);

    void IWorkerEvents.OnStreamChanged(LiveStreamSnapshot stream) => StreamChanges.Add(stream);

    void IWorkerEvents.OnStreamFault(string stream, Exception fault) => Faults.Add(fault);

    void IWorkerEvents.OnRoomChanged(RoomInfo room)
    {
    }

    void IWorkerEvents.OnParticipantChanged(string room, ParticipantInfo participant)
    {
    }

    void IWorkerEvents.OnParticipantLeft(string room, ParticipantInfo participant)
    {
    }

    void IWorkerEvents.OnPeerFault(PeerId peer, Exception fault) => Faults.Add(fault);

    void IWorkerEvents.OnRoomClosed(RoomSid sid, string name) => ClosedRooms.Add(name);

    void IWorkerEvents.OnRoomFault(string room, Exception fault) => Faults.Add(fault);

    private void Start(TestPeer peer, SimulatedHost host, string answer)
    {
        peer.Accept(answer, Host.Address, Network.Now);
        host.Start(peer);
        Host.Wake();
    }

    private static SessionDescription Parse(string offer) =>
        SessionDescription.TryParse(offer, SdpLimits.Default, out SessionDescription? description, out SdpError? error)
            ? description!
            : throw new InvalidOperationException(error!.ToString());
}
