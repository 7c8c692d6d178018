using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Tests.Ice;

/// <summary>Tests of what an attacker may send: it is neither answered nor does it change anything.</summary>
public sealed class IceAgentSecurityTests
{
    private static readonly NetworkPath Attacker = IceAgentFixture.PathOf(66);

    private readonly IceAgentFixture _fixture = new();

    public IceAgentSecurityTests()
    {
        _fixture.Agent.SetRemote(_fixture.Remote);
        _fixture.Check(IceAgentFixture.Wifi, nominate: true);
    }

    private IceAgent Agent => _fixture.Agent;

    [Fact]
    public void Request_without_integrity_is_not_answered()
    {
        byte[] buffer = new byte[256];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddUsername(Bytes(_fixture.Local.UsernameFragment), Bytes(_fixture.Remote.UsernameFragment));
        writer.AddUseCandidate();
        writer.AddPriority(uint.MaxValue);
        writer.AddFingerprint();
        AssertIgnored(DropReason.StunBadIntegrity, buffer[..writer.Length]);
    }

    [Fact]
    public void Attributes_smuggled_in_behind_integrity_do_not_nominate()
    {
        byte[] signed = _fixture.NewSigned(_ => { }, fingerprint: false);
        signed = [.. signed, 0x00, 0x25, 0x00, 0x00];
        signed[3] += 4;
        IceCheck check = _fixture.Receive(signed, Attacker);
        Assert.Equal(DropReason.None, check.Drop);
        Assert.Equal(IceAgentFixture.Wifi, Agent.SelectedPath);
    }

    [Fact]
    public void Request_without_user_name_is_not_answered()
    {
        byte[] buffer = new byte[256];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddMessageIntegrity(Bytes(_fixture.Local.Password));
        AssertIgnored(DropReason.StunUnknownUsername, buffer[..writer.Length]);
    }

    [Fact]
    public void Wrong_password_is_not_answered() => AssertIgnored(DropReason.StunBadIntegrity,
        _fixture.NewCheck(nominate: true, receiver: _fixture.Local with { Password = _fixture.Remote.Password }));

    [Fact]
    public void Wrong_local_fragment_is_not_answered() => AssertIgnored(DropReason.StunUnknownUsername,
        _fixture.NewCheck(nominate: true, receiver: _fixture.Local with { UsernameFragment = "someoneElse1" }));

    [Fact]
    public void Wrong_remote_fragment_is_not_answered() => AssertIgnored(DropReason.StunUnknownUsername,
        _fixture.NewCheck(nominate: true, sender: _fixture.NewCredentials()));

    [Theory]
    [InlineData("{0}")]
    [InlineData("{0}:")]
    [InlineData("{0}:{1}:")]
    [InlineData(":{1}")]
    [InlineData("")]
    public void Malformed_user_name_is_not_answered(string format) => AssertIgnored(DropReason.StunUnknownUsername,
        _fixture.NewSigned(_ => { }, username: string.Format(
            null, format, _fixture.Local.UsernameFragment, _fixture.Remote.UsernameFragment)));

    [Fact]
    public void Wrong_fingerprint_is_not_answered()
    {
        byte[] check = _fixture.NewCheck(nominate: true);
        check[^1] ^= 1;
        AssertIgnored(DropReason.StunBadFingerprint, check);
    }

    [Fact]
    public void Unauthenticated_errors_are_not_told()
    {
        byte[] buffer = new byte[256];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddUsername(Bytes(_fixture.Local.UsernameFragment), Bytes(_fixture.Remote.UsernameFragment));
        writer.Add((StunAttributeType)0x7001, []);
        writer.AddTieBreaker(StunAttributeType.IceControlled, 1);
        writer.AddMessageIntegrity("guess"u8);
        AssertIgnored(DropReason.StunBadIntegrity, buffer[..writer.Length]);
    }

    [Theory]
    [InlineData(1)] // indication
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_not_a_request_is_not_answered(int messageClass)
    {
        byte[] buffer = new byte[256];
        var writer = new StunWriter(buffer, (StunClass)messageClass, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddUsername(Bytes(_fixture.Local.UsernameFragment), Bytes(_fixture.Remote.UsernameFragment));
        writer.AddUseCandidate();
        writer.AddMessageIntegrity(Bytes(_fixture.Local.Password));
        AssertIgnored(DropReason.StunNotARequest, buffer[..writer.Length]);
    }

    [Fact]
    public void Other_methods_are_not_answered()
    {
        byte[] buffer = new byte[256];
        var writer = new StunWriter(buffer, StunClass.Request, (StunMethod)3, new StunTransactionId(1, 2));
        writer.AddUsername(Bytes(_fixture.Local.UsernameFragment), Bytes(_fixture.Remote.UsernameFragment));
        writer.AddMessageIntegrity(Bytes(_fixture.Local.Password));
        AssertIgnored(DropReason.StunNotARequest, buffer[..writer.Length]);
    }

    [Fact]
    public void Replay_from_another_address_is_dropped()
    {
        _fixture.Advance(6);
        byte[] captured = _fixture.NewCheck(nominate: true);
        _fixture.Receive(captured, IceAgentFixture.Wifi);
        AssertIgnored(DropReason.Replay, captured);
        _fixture.Advance(3);
        AssertIgnored(DropReason.Replay, captured);
    }

    [Fact]
    public void Replay_from_the_same_address_keeps_no_consent_alive()
    {
        byte[] captured = _fixture.NewCheck(nominate: true);
        _fixture.Receive(captured, IceAgentFixture.Wifi);
        for (int i = 0; i < 29; i++)
        {
            _fixture.Advance(1);
            Assert.True(_fixture.Receive(captured, IceAgentFixture.Wifi).ResponseLength > 0);
        }
        Assert.Equal(IceState.Disconnected, Agent.State);
        _fixture.Advance(1);
        Assert.Equal(IceState.Failed, Agent.State);
    }

    [Fact]
    public void Withheld_check_from_another_address_takes_the_path_only_until_the_remote_checks_again()
    {
        _fixture.Advance(6);
        _fixture.Check(IceAgentFixture.Wifi, nominate: true);
        _fixture.Receive(_fixture.NewCheck(nominate: true), Attacker); // never reached us along its own path
        Assert.Equal(Attacker, Agent.SelectedPath);
        _fixture.Advance(2.5);
        Assert.True(_fixture.Check(IceAgentFixture.Wifi, nominate: true).SelectedPathChanged);
        Assert.Equal(IceAgentFixture.Wifi, Agent.SelectedPath);
    }

    [Fact]
    public void Mutated_checks_are_ignored()
    {
        // What follows MESSAGE-INTEGRITY is not covered by it: FINGERPRINT, made into an unknown attribute, is just ignored.
        const int FingerprintLength = 8;
        var random = new Random(20260104);
        for (int i = 0; i < 10_000; i++)
        {
            byte[] check = _fixture.NewCheck(nominate: true, priority: uint.MaxValue);
            byte[] original = [.. check];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                check[random.Next(check.Length - FingerprintLength)] ^= (byte)random.Next(1, 256);
            if (random.Next(4) == 0)
                check = check[..random.Next(check.Length)];
            else if (random.Next(8) == 0)
                check = [.. check, .. new byte[random.Next(1, 40)]];
            if (!check.AsSpan().SequenceEqual(original))
                AssertIgnored(null, check);
        }
    }

    [Fact]
    public void Random_datagrams_are_ignored()
    {
        var random = new Random(20260105);
        for (int i = 0; i < 10_000; i++)
        {
            byte[] datagram = new byte[random.Next(0, 200)];
            random.NextBytes(datagram);
            if (datagram.Length >= 20)
            {
                Convert.FromHexString("00010000" + "2112A442").CopyTo(datagram, 0);
                datagram[3] = (byte)(datagram.Length - 20);
            }
            AssertIgnored(null, datagram);
        }
    }

    [Fact]
    public void Paths_are_capped_and_the_selected_one_stays()
    {
        for (int i = 100; i < 150; i++)
        {
            _fixture.Advance(0.01);
            Assert.True(_fixture.Check(IceAgentFixture.PathOf(i)).PathAdded);
        }
        int valid = Enumerable.Range(0, 200).Count(i => Agent.IsValidPath(IceAgentFixture.PathOf(i)));
        Assert.Equal(IceOptions.Default.MaxPaths, valid);
        Assert.Equal(IceAgentFixture.Wifi, Agent.SelectedPath);
        Assert.True(Agent.IsValidPath(IceAgentFixture.Wifi));
        Assert.True(Agent.IsValidPath(IceAgentFixture.PathOf(149)));
        Assert.Equal(Enumerable.Range(100, 35).Select(IceAgentFixture.PathOf), _fixture.TakeRemovedPaths());
    }

    private void AssertIgnored(DropReason? reason, byte[] datagram)
    {
        NetworkPath? selected = Agent.SelectedPath;
        MonotonicTime deadline = Agent.NextDeadline;
        IceCheck check = _fixture.Receive(datagram, Attacker);
        Assert.Equal(0, check.ResponseLength);
        Assert.NotEqual(DropReason.None, check.Drop);
        Assert.Equal(reason ?? check.Drop, check.Drop);
        Assert.Equal(selected, Agent.SelectedPath);
        Assert.Equal(deadline, Agent.NextDeadline);
        Assert.False(Agent.IsValidPath(Attacker));
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
