using System.Text;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Rtc.Tests.Ice;

/// <summary>A full agent in virtual time; the tests write what its remote would answer.</summary>
internal sealed class IceClientFixture
{
    private readonly SeededEntropy _entropy = new(8445);
    private readonly byte[] _buffer = new byte[IceAgent.MaxCheckLength];

    public IceClientFixture(IceOptions? options = null, IceRole role = IceRole.Controlling)
    {
        Local = IceCredentials.Create(_entropy);
        Remote = IceCredentials.Create(_entropy);
        Agent = new IceAgent(Local, options ?? IceOptions.Default, role, _entropy);
        Agent.SetRemote(Remote);
        Agent.Start(Now);
    }

    public IceAgent Agent { get; }

    public IceCredentials Local { get; }

    public IceCredentials Remote { get; set; }

    public MonotonicTime Now { get; private set; } = MonotonicTime.FromMilliseconds(100_000);

    public byte[] Response { get; } = new byte[IceAgent.MaxResponseLength];

    /// <summary>Everything sent, and when.</summary>
    public List<(MonotonicTime At, byte[] Check, NetworkPath Path)> Sent { get; } = [];

    public static NetworkPath PathOf(int number) => new(new EndpointId(0), TransportAddress.FromIPv4(0xC633_6400u + (uint)number, 7882));

    /// <summary>
    /// A host candidate of the remote, each with a foundation of its own unless one is given; a lower number has the higher priority.
    /// </summary>
    public static IceCandidate Candidate(int number, string? foundation = null) =>
        IceCandidate.Host(PathOf(number).Remote, (ushort)(1000 - number)) with { Foundation = foundation ?? $"f{number}" };

    public IceCredentials NewCredentials() => IceCredentials.Create(_entropy);

    /// <summary>Sends everything that is due now.</summary>
    public List<(byte[] Check, NetworkPath Path)> Send()
    {
        List<(byte[] Check, NetworkPath Path)> sent = [];
        while (Agent.TryWriteCheck(_buffer, Now, out int length, out NetworkPath path))
        {
            byte[] check = _buffer[..length];
            sent.Add((check, path));
            Sent.Add((Now, check, path));
            Assert.True(sent.Count < 100);
        }
        return sent;
    }

    public (byte[] Check, NetworkPath Path) SendOne() => Assert.Single(Send());

    /// <summary>Lets time pass with no answer, sending what becomes due.</summary>
    public void Advance(double seconds)
    {
        MonotonicTime end = Now + TimeSpan.FromSeconds(seconds);
        while (Agent.NextDeadline <= end)
        {
            Now = MonotonicTime.Max(Now, Agent.NextDeadline);
            Agent.OnTimeout(Now);
            Send();
            Assert.True(Agent.NextDeadline > Now, "A timer asks for a later time.");
        }
        Now = end;
    }

    /// <summary>The remote's success answer to a check, along the path that the check took.</summary>
    public IceCheck Answer((byte[] Check, NetworkPath Path) sent, NetworkPath? from = null, string? password = null) =>
        Receive(Write(sent.Check, StunClass.SuccessResponse, null, password), from ?? sent.Path);

    /// <summary>The remote's error answer to a check.</summary>
    public IceCheck Refuse((byte[] Check, NetworkPath Path) sent, StunErrorCode code) =>
        Receive(Write(sent.Check, StunClass.ErrorResponse, code, null), sent.Path);

    /// <summary>A check of the remote's.</summary>
    public IceCheck Request(NetworkPath path, StunAttributeType role, ulong tieBreaker, bool nominate = false, uint priority = 1)
    {
        byte[] buffer = new byte[IceAgent.MaxCheckLength];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, StunTransactionId.Create(_entropy));
        writer.AddUsername(Encoding.UTF8.GetBytes(Local.UsernameFragment), Encoding.UTF8.GetBytes(Remote.UsernameFragment));
        writer.AddTieBreaker(role, tieBreaker);
        if (nominate)
            writer.AddUseCandidate();
        writer.AddPriority(priority);
        writer.AddMessageIntegrity(Encoding.UTF8.GetBytes(Local.Password));
        writer.AddFingerprint();
        return Receive(buffer[..writer.Length], path);
    }

    public IceCheck Receive(byte[] datagram, NetworkPath path) => Agent.OnStun(datagram, path, Now, Response);

    /// <summary>Connects along the first candidate, and has it nominated.</summary>
    public void Connect()
    {
        Agent.AddRemoteCandidate(Candidate(1));
        Answer(SendOne());
        if (Agent.Role == IceRole.Controlling)
            Answer(SendOne());
        else
            Request(PathOf(1), StunAttributeType.IceControlling, ulong.MaxValue, nominate: true);
        Assert.True(Agent.IsNominated);
    }

    public static bool Has(byte[] check, StunAttributeType type) =>
        StunMessageView.TryParse(check, out StunMessageView message) && message.Has(type);

    public static StunTransactionId IdOf(byte[] check) => StunTransactionId.Read(check.AsSpan(8));

    private byte[] Write(byte[] check, StunClass kind, StunErrorCode? code, string? password)
    {
        byte[] buffer = new byte[200];
        var writer = new StunWriter(buffer, kind, StunMethod.Binding, IdOf(check));
        if (code is { } error)
            writer.AddErrorCode(error);
        else
            writer.AddXorMappedAddress(TransportAddress.FromIPv4(0xC000_0201, 40_000));
        writer.AddMessageIntegrity(Encoding.UTF8.GetBytes(password ?? Remote.Password));
        writer.AddFingerprint();
        return buffer[..writer.Length];
    }
}
