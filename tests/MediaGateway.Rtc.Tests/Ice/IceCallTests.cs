using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Rtc.Tests.Ice;

/// <summary>Two agents over a simulated network with loss, delay and reordering, many seeds each.</summary>
public sealed class IceCallTests
{
    private static readonly TransportAddress ClientAddress = TransportAddress.FromIPv4(0xC000_0201, 40_000);
    private static readonly TransportAddress GatewayAddress = TransportAddress.FromIPv4(0xC633_6401, 7882);
    private static readonly LinkConditions Bad = new()
    {
        Loss = 0.2,
        Duplication = 0.1,
        Delay = TimeSpan.FromMilliseconds(30),
        Jitter = TimeSpan.FromMilliseconds(120),
    };

    public static TheoryData<int, IceRole, IceRole> Pairings()
    {
        var data = new TheoryData<int, IceRole, IceRole>();
        for (int seed = 1; seed <= 20; seed++)
        {
            data.Add(seed, IceRole.Controlling, IceRole.ControlledLite);
            data.Add(seed, IceRole.Controlling, IceRole.Controlled);
            data.Add(seed, IceRole.Controlling, IceRole.Controlling);
            data.Add(seed, IceRole.Controlled, IceRole.Controlled);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Pairings))]
    public void Agents_agree_on_one_nominated_path_and_keep_it(int seed, IceRole clientRole, IceRole gatewayRole)
    {
        var call = new Call(seed, clientRole, gatewayRole, Bad);
        Assert.True(call.Network.RunUntil(() => call.IsNominated, TimeSpan.FromSeconds(29)), $"seed {seed}");
        Assert.Equal(GatewayAddress, call.Client.Selected!.Value.Remote);
        Assert.Equal(ClientAddress, call.Gateway.Selected!.Value.Remote);
        // One side is in control at the end, whatever both claimed.
        Assert.NotEqual(call.Client.Agent.Role == IceRole.Controlling, call.Gateway.Agent.Role == IceRole.Controlling);
        Assert.Equal(clientRole == gatewayRole, call.Client.RoleChanges + call.Gateway.RoleChanges > 0);

        // Five checks of six in half a minute may get lost, and consent holds.
        call.Client.Host.Uplink = call.Gateway.Host.Uplink = Bad with { Loss = 0.05 };
        call.Network.Run(TimeSpan.FromMinutes(2));
        Assert.NotEqual(IceState.Failed, call.Client.Agent.State);
        Assert.NotEqual(IceState.Failed, call.Gateway.Agent.State);
        if (gatewayRole == IceRole.ControlledLite)
            Assert.Empty(call.Gateway.Checks);
    }

    [Theory]
    [InlineData(1, IceRole.ControlledLite)]
    [InlineData(2, IceRole.ControlledLite)]
    [InlineData(3, IceRole.Controlled)]
    [InlineData(4, IceRole.Controlled)]
    public void Gateway_follows_a_client_whose_address_changes(int seed, IceRole gatewayRole)
    {
        var call = new Call(seed, IceRole.Controlling, gatewayRole, Bad with { Loss = 0.05 });
        Assert.True(call.Network.RunUntil(() => call.IsNominated, TimeSpan.FromSeconds(29)));
        call.Network.Run(TimeSpan.FromSeconds(10));
        TransportAddress moved = TransportAddress.FromIPv4(0xC000_0263, 50_000);
        call.Network.Move(call.Client.Host, moved);
        Assert.True(call.Network.RunUntil(() => call.Gateway.Selected?.Remote == moved, TimeSpan.FromSeconds(25)), $"seed {seed}");
        Assert.Equal(IceState.Connected, call.Client.Agent.State);
    }

    [Theory]
    [InlineData(1, IceRole.ControlledLite)]
    [InlineData(2, IceRole.Controlled)]
    public void Agents_fail_when_consent_expires_and_send_nothing_any_more(int seed, IceRole gatewayRole)
    {
        var call = new Call(seed, IceRole.Controlling, gatewayRole, LinkConditions.Perfect);
        Assert.True(call.Network.RunUntil(() => call.IsNominated, TimeSpan.FromSeconds(5)));
        call.Client.Host.Uplink = call.Gateway.Host.Uplink = LinkConditions.Perfect with { Loss = 1 };
        call.Network.Run(TimeSpan.FromSeconds(31));
        Assert.Equal((IceState.Failed, IceState.Failed), (call.Client.Agent.State, call.Gateway.Agent.State));
        int sent = call.Client.Checks.Count + call.Gateway.Checks.Count;
        call.Network.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(sent, call.Client.Checks.Count + call.Gateway.Checks.Count);

        call.Client.Host.Uplink = call.Gateway.Host.Uplink = LinkConditions.Perfect;
        IceHost.Restart(call.Client, call.Gateway, call.Network.Now);
        Assert.True(call.Network.RunUntil(() => call.IsNominated, TimeSpan.FromSeconds(5)));
    }

    [Theory]
    [InlineData(1, IceRole.ControlledLite)]
    [InlineData(2, IceRole.ControlledLite)]
    [InlineData(3, IceRole.Controlled)]
    [InlineData(4, IceRole.Controlled)]
    public void Restart_never_leaves_an_agent_without_a_path(int seed, IceRole gatewayRole)
    {
        var call = new Call(seed, IceRole.Controlling, gatewayRole, Bad with { Loss = 0.05 });
        Assert.True(call.Network.RunUntil(() => call.IsNominated, TimeSpan.FromSeconds(29)));
        for (int round = 0; round < 3; round++)
        {
            IceHost.Restart(call.Client, call.Gateway, call.Network.Now);
            Assert.True(call.Network.RunUntil(
                () =>
                {
                    Assert.True(call.Client.Selected is not null && call.Gateway.Selected is not null, $"seed {seed}");
                    return call.IsNominated && call.Client.Agent.PreviousLocalCredentials is null
                        && call.Gateway.Agent.PreviousLocalCredentials is null;
                },
                TimeSpan.FromSeconds(29)), $"seed {seed}");
            call.Network.Run(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void Lite_agent_sends_no_check_and_no_answer_longer_than_its_request()
    {
        var call = new Call(5, IceRole.Controlling, IceRole.ControlledLite, LinkConditions.Perfect);
        int longest = 0;
        call.Client.Host.Tap = (datagram, _) => longest = Math.Max(longest, datagram.Length);
        call.Gateway.Host.Tap = (datagram, to) =>
        {
            Assert.InRange(datagram.Length, 1, longest);
            Assert.Equal(ClientAddress, to);
        };
        for (int i = 1; i <= 20; i++)
            call.Gateway.Agent.AddRemoteCandidate(IceClientFixture.Candidate(i));
        call.Network.Run(TimeSpan.FromMinutes(1));
        Assert.True(call.IsNominated);
        Assert.Empty(call.Gateway.Checks);
    }

    private sealed class Call
    {
        public Call(int seed, IceRole client, IceRole gateway, LinkConditions link)
        {
            Network = new SimulatedNetwork(seed);
            Client = new IceHost(Network, ClientAddress, client, new SeededEntropy(seed), link);
            Gateway = new IceHost(Network, GatewayAddress, gateway, new SeededEntropy(seed + 1000), link);
            IceHost.Signal(Client, Gateway, Network.Now);
        }

        public SimulatedNetwork Network { get; }

        public IceHost Client { get; }

        public IceHost Gateway { get; }

        public bool IsNominated => Client.Agent.IsNominated && Gateway.Agent.IsNominated;
    }
}
