using System.Text;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Rtc.Tests.Ice;

/// <summary>An agent, its remote's credentials, and virtual time; checks are made as the remote would.</summary>
internal sealed class IceAgentFixture
{
    public static readonly NetworkPath Wifi = PathOf(1);
    public static readonly NetworkPath Cellular = PathOf(2);

    private readonly SeededEntropy _entropy = new(20260103);

    public IceAgentFixture(IceOptions? options = null)
    {
        Local = NewCredentials();
        Remote = NewCredentials();
        Agent = new IceAgent(Local, options ?? IceOptions.Default);
        Agent.Start(Now);
    }

    public IceAgent Agent { get; }

    public IceCredentials Local { get; }

    public IceCredentials Remote { get; }

    public MonotonicTime Now { get; private set; } = MonotonicTime.FromMilliseconds(100_000);

    public byte[] Response { get; } = new byte[IceAgent.MaxResponseLength];

    public static NetworkPath PathOf(int number) => new(new EndpointId(0), TransportAddress.FromIPv4(0xC000_0200u + (uint)number, 5000));

    public IceCredentials NewCredentials() => IceCredentials.Create(_entropy);

    public TestIceClient NewClient(uint priority = 100) => new(Remote, Local, _entropy, priority);

    public byte[] NewCheck(bool nominate = false, uint priority = 100, IceCredentials? receiver = null, IceCredentials? sender = null)
    {
        byte[] buffer = new byte[TestIceClient.MaxCheckLength];
        return buffer[..NewClient(priority).WriteCheckAs(buffer, sender ?? Remote, receiver ?? Local, nominate)];
    }

    /// <summary>A request of the given attributes, signed as the remote would.</summary>
    public byte[] NewSigned(Action<Attributes> add, bool fingerprint = true, string? username = null)
    {
        var attributes = new Attributes();
        add(attributes);
        byte[] buffer = new byte[1500];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, StunTransactionId.Create(_entropy));
        writer.Add(StunAttributeType.Username, Encoding.UTF8.GetBytes(username ?? $"{Local.UsernameFragment}:{Remote.UsernameFragment}"));
        foreach ((StunAttributeType type, byte[] value) in attributes)
            writer.Add(type, value);
        writer.AddMessageIntegrity(Encoding.UTF8.GetBytes(Local.Password));
        if (fingerprint)
            writer.AddFingerprint();
        return buffer[..writer.Length];
    }

    public IceCheck Receive(byte[] datagram, NetworkPath path) => Agent.OnStun(datagram, path, Now, Response);

    public IceCheck Check(NetworkPath path, bool nominate = false, uint priority = 100, IceCredentials? receiver = null) =>
        Receive(NewCheck(nominate, priority, receiver), path);

    /// <summary>Lets time pass, running the agent at each of its deadlines.</summary>
    public void Advance(double seconds)
    {
        MonotonicTime end = Now + TimeSpan.FromSeconds(seconds);
        while (Agent.NextDeadline <= end)
        {
            Now = Agent.NextDeadline;
            Agent.OnTimeout(Now);
            Assert.True(Agent.NextDeadline > Now);
        }
        Now = end;
    }

    /// <summary>The process stands still: nothing arrives and nothing is due meanwhile.</summary>
    public void StandStill(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        Agent.OnStandstill(TimeSpan.FromSeconds(seconds), Now);
    }

    public List<NetworkPath> TakeRemovedPaths()
    {
        var paths = new List<NetworkPath>();
        while (Agent.TryTakeRemovedPath(out NetworkPath path))
            paths.Add(path);
        return paths;
    }

    internal sealed class Attributes : List<(StunAttributeType Type, byte[] Value)>;
}
