using System.Net;
using System.Text;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Rtc.Tests.Ice;

public sealed class IceAgentCheckTests
{
    private readonly IceAgentFixture _fixture = new();

    private IceAgent Agent => _fixture.Agent;

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::7")]
    public void Check_is_answered_with_the_address_it_came_from(string address)
    {
        var path = new NetworkPath(new EndpointId(1), TransportAddress.From(IPAddress.Parse(address), 40_000));
        byte[] request = _fixture.NewCheck();
        IceCheck check = _fixture.Receive(request, path);

        Assert.Equal(DropReason.None, check.Drop);
        Assert.True(check.PathAdded);
        Assert.True(check.SelectedPathChanged);
        Assert.Equal(path, Agent.SelectedPath);
        Assert.False(Agent.IsNominated);
        Assert.Equal(IceState.Connected, Agent.State);
        Assert.True(StunMessageView.TryParse(Answer(check), out StunMessageView answer));
        Assert.Equal(StunClass.SuccessResponse, answer.Class);
        Assert.Equal(StunTransactionId.Read(request.AsSpan(8)), answer.TransactionId);
        Assert.True(answer.TryGetXorMappedAddress(out TransportAddress mapped));
        Assert.Equal(path.Remote, mapped);
        Assert.True(answer.VerifyIntegrity(Encoding.UTF8.GetBytes(_fixture.Local.Password)));
        Assert.Equal(FingerprintStatus.Valid, answer.CheckFingerprint());
    }

    [Fact]
    public void Check_before_the_answer_is_taken_and_remembered()
    {
        Assert.Null(Agent.RemoteCredentials);
        _fixture.Check(IceAgentFixture.Wifi, nominate: true);
        Agent.SetRemote(_fixture.Remote);

        Assert.True(Agent.IsNominated);
        Assert.True(Agent.IsValidPath(IceAgentFixture.Wifi));
        Assert.False(_fixture.Check(IceAgentFixture.Wifi).PathAdded);
    }

    [Fact]
    public void Check_without_fingerprint_is_answered_without_one()
    {
        IceCheck check = _fixture.Receive(_fixture.NewSigned(_ => { }, fingerprint: false), IceAgentFixture.Wifi);
        Assert.True(StunMessageView.TryParse(Answer(check), out StunMessageView answer));
        Assert.Equal(FingerprintStatus.Absent, answer.CheckFingerprint());
        Assert.Equal(DropReason.None, check.Drop);
    }

    [Fact]
    public void Unknown_required_attributes_earn_420_and_nothing_else()
    {
        byte[] request = _fixture.NewSigned(attributes =>
        {
            attributes.Add((StunAttributeType.UseCandidate, []));
            attributes.Add(((StunAttributeType)0x7001, [1]));
            attributes.Add(((StunAttributeType)0x7002, []));
        });
        IceCheck check = _fixture.Receive(request, IceAgentFixture.Wifi);

        Assert.True(StunMessageView.TryParse(Answer(check), out StunMessageView answer));
        Assert.True(answer.TryGetErrorCode(out StunErrorCode code, out _));
        Assert.Equal(StunErrorCode.UnknownAttribute, code);
        var types = new StunAttributeType[4];
        Assert.Equal(2, answer.CopyUnknownAttributes(types));
        Assert.Equal([(StunAttributeType)0x7001, (StunAttributeType)0x7002], types[..2]);
        Assert.True(answer.VerifyIntegrity(Encoding.UTF8.GetBytes(_fixture.Local.Password)));
        AssertUntouched();
    }

    [Fact]
    public void Controlled_remote_earns_487_and_nothing_else()
    {
        byte[] request = _fixture.NewSigned(attributes => attributes.Add((StunAttributeType.IceControlled, new byte[8])));
        IceCheck check = _fixture.Receive(request, IceAgentFixture.Wifi);

        Assert.True(StunMessageView.TryParse(Answer(check), out StunMessageView answer));
        Assert.True(answer.TryGetErrorCode(out StunErrorCode code, out _));
        Assert.Equal(StunErrorCode.RoleConflict, code);
        AssertUntouched();
    }

    [Fact]
    public void Any_number_of_unknown_attributes_is_answered_within_the_bound()
    {
        byte[] request = _fixture.NewSigned(attributes =>
        {
            for (int i = 0; i < 300; i++)
                attributes.Add(((StunAttributeType)(0x7000 + i), []));
        });
        IceCheck check = _fixture.Receive(request, IceAgentFixture.Wifi);
        Assert.Equal(IceAgent.MaxResponseLength, check.ResponseLength);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(15)]
    [InlineData(20)]
    public void Answer_is_no_longer_than_the_barest_request(int unknownAttributes)
    {
        // Four characters of remote fragment, an IPv6 source and no fingerprint: the shortest request, the longest answer.
        var path = new NetworkPath(new EndpointId(0), TransportAddress.From(IPAddress.Parse("2001:db8::7"), 40_000));
        foreach (bool fingerprint in new[] { false, true })
        {
            byte[] request = _fixture.NewSigned(attributes =>
            {
                for (int i = 0; i < unknownAttributes; i++)
                    attributes.Add(((StunAttributeType)(0x7000 + i), []));
            }, fingerprint, $"{_fixture.Local.UsernameFragment}:abcd");
            IceCheck check = _fixture.Receive(request, path);
            Assert.InRange(check.ResponseLength, 1, request.Length);
        }
    }

    [Fact]
    public void Retransmission_is_answered_again()
    {
        byte[] request = _fixture.NewCheck();
        byte[] first = Answer(_fixture.Receive(request, IceAgentFixture.Wifi)).ToArray();
        IceCheck again = _fixture.Receive(request, IceAgentFixture.Wifi);
        Assert.False(again.PathAdded);
        Assert.Equal(first, Answer(again).ToArray());
    }

    [Fact]
    public void Answering_allocates_nothing()
    {
        Agent.SetRemote(_fixture.Remote);
        byte[][] checks = [.. Enumerable.Range(0, 400).Select(_ => _fixture.NewCheck(nominate: true))];
        for (int i = 0; i < 100; i++)
            _fixture.Receive(checks[i], IceAgentFixture.Wifi);

        Assert.Equal(0, AllocatedBytes.LeastOf(time =>
        {
            for (int i = 0; i < 100; i++)
                _fixture.Receive(checks[100 + (time * 100) + i], IceAgentFixture.Wifi);
        }));
    }

    [Fact]
    public void Local_fragment_is_found_before_the_colon()
    {
        Assert.True(IceAuthentication.TryGetLocalUsernameFragment(_fixture.NewCheck(), out ReadOnlySpan<byte> fragment));
        Assert.Equal(_fixture.Local.UsernameFragment, Encoding.UTF8.GetString(fragment));
    }

    [Theory]
    [InlineData("nocolon")]
    [InlineData(":remote")]
    [InlineData("")]
    public void Local_fragment_of_a_user_name_without_one_is_not_found(string username) =>
        Assert.False(IceAuthentication.TryGetLocalUsernameFragment(_fixture.NewSigned(_ => { }, username: username), out _));

    [Fact]
    public void Client_connects_and_keeps_the_path_alive()
    {
        TestIceClient client = _fixture.NewClient();
        byte[] buffer = new byte[TestIceClient.MaxCheckLength];
        Assert.Equal(MonotonicTime.Zero, client.NextCheck);
        byte[] lost = buffer[..client.WriteCheck(buffer, nominate: true, _fixture.Now)];
        Assert.Equal(_fixture.Now + TimeSpan.FromMilliseconds(50), client.NextCheck);
        byte[] again = buffer[..client.WriteCheck(buffer, nominate: true, _fixture.Now)];
        Assert.Equal(lost, again);

        byte[] answer = Answer(_fixture.Receive(again, IceAgentFixture.Wifi)).ToArray();
        byte[] forged = [.. answer];
        forged[^12] ^= 1;
        Assert.False(client.OnResponse(forged));
        Assert.True(client.OnResponse(answer));
        Assert.True(client.Connected);
        Assert.Equal(IceAgentFixture.Wifi.Remote, client.MappedAddress);
        Assert.False(client.OnResponse(answer));
        Assert.Equal(_fixture.Now + TimeSpan.FromSeconds(2.5), client.NextCheck);
        Assert.NotEqual(lost, buffer[..client.WriteCheck(buffer, nominate: true, _fixture.Now)]);
    }

    [Fact]
    public void Remote_candidates_are_kept_up_to_a_cap_and_names_are_not()
    {
        Assert.True(IceCandidate.TryParse("5 1 udp 1 abc.local 54596 typ host", out IceCandidate? name));
        Assert.False(Agent.AddRemoteCandidate(name));
        for (int i = 0; i < IceOptions.Default.MaxRemoteCandidates; i++)
            Assert.True(Agent.AddRemoteCandidate(IceCandidate.Host(IceAgentFixture.PathOf(i).Remote)));
        Assert.False(Agent.AddRemoteCandidate(IceCandidate.Host(IceAgentFixture.PathOf(99).Remote)));
        Assert.Equal(IceOptions.Default.MaxRemoteCandidates, Agent.RemoteCandidates.Count);
        Assert.Null(Agent.SelectedPath);
    }

    private ReadOnlySpan<byte> Answer(in IceCheck check) => _fixture.Response.AsSpan(0, check.ResponseLength);

    private void AssertUntouched()
    {
        Assert.Null(Agent.SelectedPath);
        Assert.False(Agent.IsValidPath(IceAgentFixture.Wifi));
        Assert.Equal(IceState.New, Agent.State);
    }
}
