using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Network;

namespace MediaGateway.Rtc.Tests.Ice;

/// <summary>An ICE agent on a simulated host, and what was seen of it.</summary>
internal sealed class IceHost : IDatapathHandler
{
    private readonly SimulatedHost _host;
    private readonly byte[] _response = new byte[IceAgent.MaxResponseLength];

    public IceHost(SimulatedNetwork network, TransportAddress address, IceRole role, IEntropy entropy, LinkConditions link)
    {
        _host = new SimulatedHost(network, address) { Uplink = link };
        Entropy = entropy;
        Agent = new IceAgent(IceCredentials.Create(entropy), IceOptions.Default, role, entropy);
    }

    public IceAgent Agent { get; }

    public SimulatedHost Host => _host;

    public IEntropy Entropy { get; }

    /// <summary>Times at which checks of this agent left.</summary>
    public List<MonotonicTime> Checks { get; } = [];

    /// <summary>Number of role changes.</summary>
    public int RoleChanges { get; private set; }

    public IceCandidate Candidate => IceCandidate.Host(_host.Address);

    public NetworkPath? Selected => Agent.SelectedPath;

    /// <summary>Signaling: both sides learn the other's credentials and candidates at the same time.</summary>
    public static void Signal(IceHost one, IceHost other, MonotonicTime now)
    {
        foreach ((IceHost from, IceHost to) in ((IceHost, IceHost)[])[(one, other), (other, one)])
        {
            to.Agent.SetRemote(from.Agent.LocalCredentials);
            to.Agent.AddRemoteCandidate(from.Candidate);
        }
        foreach (IceHost host in (IceHost[])[one, other])
        {
            host.Agent.Start(now);
            host._host.Start(host);
        }
    }

    /// <summary>A restart of both sides (RFC 8445 section 9).</summary>
    public static void Restart(IceHost one, IceHost other, MonotonicTime now)
    {
        IceCredentials ofOne = IceCredentials.Create(one.Entropy), ofOther = IceCredentials.Create(other.Entropy);
        one.Agent.Restart(ofOne, ofOther, now);
        other.Agent.Restart(ofOther, ofOne, now);
        one.Agent.AddRemoteCandidate(other.Candidate);
        other.Agent.AddRemoteCandidate(one.Candidate);
        one._host.Wake();
        other._host.Wake();
    }

    public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        IceRole role = Agent.Role;
        IceCheck check = Agent.OnStun(datagram, path, now, _response);
        RoleChanges += role == Agent.Role ? 0 : 1;
        if (check.ResponseLength == 0)
            return;
        _response.AsSpan(0, check.ResponseLength).CopyTo(_host.Reserve());
        _host.Commit(check.ResponseLength, path);
    }

    public MonotonicTime OnTick(MonotonicTime now)
    {
        if (Agent.NextDeadline <= now)
            Agent.OnTimeout(now);
        while (Agent.TryWriteCheck(_host.Reserve(), now, out int length, out NetworkPath path))
        {
            Checks.Add(now);
            _host.Commit(length, path);
        }
        while (Agent.TryTakeRemovedPath(out _))
        {
            // Nobody keeps a table of paths here.
        }
        return Agent.NextDeadline;
    }
}
