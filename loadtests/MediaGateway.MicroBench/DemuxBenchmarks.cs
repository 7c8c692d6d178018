using System.Text;
using BenchmarkDotNet.Attributes;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Primitives;
using MediaGateway.Testing.Workers;

namespace MediaGateway.MicroBench;

/// <summary>Benchmarks of finding the peer, among a worker's 10,000, that a datagram belongs to; each in turn, in random order.</summary>
public class DemuxBenchmarks : IDisposable
{
    private const int Peers = 10_000;

    private readonly SimulatedCall _call = new();
    private readonly PeerTable _table = new();
    private readonly long[] _ids = new long[Peers];
    private readonly NetworkPath[] _paths = new NetworkPath[Peers];
    private readonly byte[][] _usernameFragments = new byte[Peers][];
    private int _next;

    public DemuxBenchmarks()
    {
        var random = new Random(1);
        var entropy = new SeededEntropy(1);
        // One for all: finding a peer does not look at it.
        PeerTransport transport = _call.OpenPublisher(SimulatedCall.PathOf(1)).Peer.Transport;
        for (int i = 0; i < Peers; i++)
        {
            var peer = new IdlePeer(new PeerId(i), transport);
            string usernameFragment = IceCredentials.Create(entropy).UsernameFragment;
            _ids[i] = i;
            _paths[i] =
                new NetworkPath(new EndpointId(0), TransportAddress.FromIPv4((uint)random.Next(), (ushort)random.Next(1024, 65536)));
            _usernameFragments[i] = Encoding.ASCII.GetBytes(usernameFragment);
            _table.Add(peer, usernameFragment);
            _table.Prove(peer, _paths[i]);
        }
        // The same order for all three.
        new Random(2).Shuffle(_ids);
        new Random(2).Shuffle(_paths);
        new Random(2).Shuffle(_usernameFragments);
    }

    [Benchmark]
    public int ByPath()
    {
        int i = Next();
        return _table.Find(_paths[i])?.Id.Value == _ids[i] ? 1 : 0;
    }

    [Benchmark]
    public int ByUsernameFragment()
    {
        int i = Next();
        return _table.FindByUsername(_usernameFragments[i])?.Id.Value == _ids[i] ? 1 : 0;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _call.Dispose();
        GC.SuppressFinalize(this);
    }

    private int Next() => _next = _next == Peers - 1 ? 0 : _next + 1;

    private sealed class IdlePeer(PeerId id, PeerTransport transport) : Peer(id, transport);
}
