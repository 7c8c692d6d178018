using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Ice;

/// <summary>Nomination over several paths, consent and restarts, in virtual time.</summary>
public sealed class IceAgentLifeTests
{
    private static readonly NetworkPath Wifi = IceAgentFixture.Wifi;
    private static readonly NetworkPath Cellular = IceAgentFixture.Cellular;

    private readonly IceAgentFixture _fixture = new();

    private IceAgent Agent => _fixture.Agent;

    [Fact]
    public void First_valid_path_is_provisional_until_one_is_nominated()
    {
        _fixture.Check(Wifi);
        _fixture.Check(Cellular);
        Assert.Equal(Wifi, Agent.SelectedPath);
        Assert.False(Agent.IsNominated);

        Assert.True(_fixture.Check(Cellular, nominate: true).SelectedPathChanged);
        Assert.Equal(Cellular, Agent.SelectedPath);
        Assert.True(Agent.IsNominated);
    }

    [Fact]
    public void Closed_path_gives_way_to_the_best_of_the_others()
    {
        _fixture.Check(Wifi, nominate: true);
        _fixture.Check(Cellular);

        Agent.OnPathClosed(Wifi, _fixture.Now);

        Assert.Equal(Cellular, Agent.SelectedPath);
        Assert.False(Agent.IsValidPath(Wifi));
        Assert.True(Agent.TryTakeRemovedPath(out NetworkPath removed));
        Assert.Equal(Wifi, removed);
        Agent.OnPathClosed(Wifi, _fixture.Now);
        Assert.False(Agent.TryTakeRemovedPath(out _));
    }

    [Fact]
    public void Agent_whose_only_path_closed_waits_for_a_check_until_consent_runs_out()
    {
        _fixture.Check(Wifi, nominate: true);

        Agent.OnPathClosed(Wifi, _fixture.Now);
        Assert.Null(Agent.SelectedPath);
        _fixture.Check(Cellular, nominate: true);
        Assert.Equal(Cellular, Agent.SelectedPath);

        Agent.OnPathClosed(Cellular, _fixture.Now);
        _fixture.Advance(60);
        Assert.Equal(IceState.Failed, Agent.State);
    }

    [Fact]
    public void Provisional_path_counts_as_settled_only_from_its_nomination_on()
    {
        _fixture.Check(Wifi);
        _fixture.Advance(6);
        _fixture.Check(Cellular);
        _fixture.Check(Wifi, nominate: true, priority: 100);
        Assert.False(_fixture.Check(Cellular, nominate: true, priority: 50).SelectedPathChanged);
    }

    [Fact]
    public void Aggressive_nomination_settles_on_the_highest_priority_without_flapping()
    {
        var changes = new List<NetworkPath>();
        for (int i = 0; i < 200; i++)
        {
            _fixture.Advance(0.05);
            foreach ((NetworkPath path, uint priority) in new[] { (Cellular, 50u), (Wifi, 100u), (IceAgentFixture.PathOf(3), 100u) })
            {
                if (_fixture.Check(path, nominate: true, priority).SelectedPathChanged)
                    changes.Add(path);
            }
        }
        Assert.Equal([Cellular, Wifi], changes);
    }

    [Fact]
    public void Browser_that_moves_to_a_path_of_lower_priority_is_followed()
    {
        // libwebrtc towards a lite agent flags its selected pair, and checks the others without the flag.
        for (int i = 0; i < 4; i++, _fixture.Advance(2.5))
        {
            _fixture.Check(Wifi, nominate: true, priority: 100);
            _fixture.Check(Cellular, nominate: false, priority: 50);
        }
        Assert.Equal(Wifi, Agent.SelectedPath);
        _fixture.Check(Wifi, nominate: false, priority: 100);
        _fixture.Check(Cellular, nominate: true, priority: 50);
        Assert.Equal(Cellular, Agent.SelectedPath);
    }

    [Fact]
    public void Regular_nomination_survives_checks_without_the_flag()
    {
        _fixture.Check(Wifi, nominate: true);
        for (int i = 0; i < 20; i++, _fixture.Advance(5))
        {
            _fixture.Check(Wifi);
            _fixture.Check(Cellular);
            Assert.Equal(Wifi, Agent.SelectedPath);
        }
    }

    [Fact]
    public void Network_change_is_followed_at_once_though_its_priority_is_lower()
    {
        _fixture.Check(Wifi, nominate: true, priority: 100);
        for (int i = 0; i < 4; i++, _fixture.Advance(2))
            _fixture.Check(Wifi, nominate: true, priority: 100);
        _fixture.Check(Wifi, nominate: true, priority: 100);
        Assert.True(_fixture.Check(Cellular, nominate: true, priority: 50).SelectedPathChanged);
    }

    [Fact]
    public void Rebinding_by_a_NAT_is_followed_when_the_old_path_falls_silent()
    {
        _fixture.Check(Wifi, nominate: true);
        _fixture.Advance(1);
        _fixture.Check(Cellular, nominate: true);
        Assert.Equal(Wifi, Agent.SelectedPath);
        _fixture.Advance(1.5);
        _fixture.Check(Cellular, nominate: true);
        Assert.Equal(Cellular, Agent.SelectedPath);
    }

    [Fact]
    public void Agent_without_a_check_fails_in_time()
    {
        Assert.Equal(_fixture.Now + TimeSpan.FromSeconds(30), Agent.NextDeadline);
        _fixture.Advance(29.9);
        Assert.Equal(IceState.New, Agent.State);
        _fixture.Advance(0.1);
        Assert.Equal(IceState.Failed, Agent.State);
        Assert.True(Agent.NextDeadline.IsNever);
        Assert.Equal(DropReason.NotConnected, _fixture.Check(Wifi).Drop);
    }

    [Fact]
    public void Agent_that_is_not_started_has_no_deadline() =>
        Assert.True(new IceAgent(_fixture.Local, IceOptions.Default).NextDeadline.IsNever);

    [Fact]
    public void Silence_disconnects_and_a_check_connects_again()
    {
        _fixture.Check(Wifi, nominate: true);
        _fixture.Advance(6.9);
        Assert.Equal(IceState.Connected, Agent.State);
        _fixture.Advance(0.1);
        Assert.Equal(IceState.Disconnected, Agent.State);
        Assert.Equal(Wifi, Agent.SelectedPath);
        _fixture.Check(Wifi, nominate: true);
        Assert.Equal(IceState.Connected, Agent.State);
    }

    [Fact]
    public void Consent_expires_30_seconds_after_the_last_check()
    {
        _fixture.Check(Wifi, nominate: true);
        _fixture.Advance(20);
        _fixture.Check(Wifi);
        _fixture.Advance(29.9);
        Assert.Equal(IceState.Disconnected, Agent.State);
        _fixture.Advance(0.1);
        Assert.Equal(IceState.Failed, Agent.State);
        Assert.Null(Agent.SelectedPath);
        Assert.False(Agent.IsValidPath(Wifi));
        Assert.Equal([Wifi], _fixture.TakeRemovedPaths());
    }

    [Fact]
    public void Time_that_the_process_stood_still_counts_for_neither_consent_nor_the_first_check()
    {
        var waiting = new IceAgentFixture();
        waiting.Agent.Start(waiting.Now);
        _fixture.Check(Wifi, nominate: true);
        foreach (IceAgentFixture each in (IceAgentFixture[])[_fixture, waiting])
        {
            each.Advance(10);
            each.StandStill(100);
            each.Advance(19.9);
        }
        Assert.Equal((IceState.Disconnected, IceState.New), (Agent.State, waiting.Agent.State));
        Assert.True(Agent.IsValidPath(Wifi));
        _fixture.Advance(0.1);
        waiting.Advance(0.1);
        Assert.Equal((IceState.Failed, IceState.Failed), (Agent.State, waiting.Agent.State));
    }

    [Fact]
    public void Path_without_consent_gives_way_to_one_that_has_it()
    {
        _fixture.Check(Wifi, nominate: true);
        for (int i = 0; i < 6; i++, _fixture.Advance(5))
            _fixture.Check(Cellular);
        Assert.Equal(Cellular, Agent.SelectedPath);
        Assert.False(Agent.IsValidPath(Wifi));
        Assert.Equal([Wifi], _fixture.TakeRemovedPaths());
        Assert.Equal(IceState.Connected, Agent.State);
    }

    [Fact]
    public void Restart_accepts_old_credentials_until_the_first_check_with_the_new_ones()
    {
        _fixture.Check(Wifi, nominate: true);
        IceCredentials renewed = _fixture.NewCredentials();
        Agent.Restart(renewed, _fixture.Remote, _fixture.Now);
        Assert.Equal(renewed, Agent.LocalCredentials);
        Assert.Equal(_fixture.Local, Agent.PreviousLocalCredentials);
        Assert.Equal(DropReason.None, _fixture.Check(Wifi, nominate: true).Drop);
        Assert.Equal(IceState.Connected, Agent.State);

        IceCheck first = _fixture.Check(Cellular, nominate: false, receiver: renewed);
        Assert.True(first.RestartCompleted);
        Assert.False(first.SelectedPathChanged);
        Assert.Null(Agent.PreviousLocalCredentials);
        Assert.Equal(DropReason.StunUnknownUsername, _fixture.Check(Wifi).Drop);

        Assert.True(_fixture.Check(Cellular, nominate: true, priority: 1, receiver: renewed).SelectedPathChanged);
        Assert.True(Agent.IsValidPath(Wifi));
        Assert.False(_fixture.Check(Cellular, receiver: renewed).RestartCompleted);
    }

    [Fact]
    public void Nomination_before_a_restart_lapses_with_the_first_check_after_it()
    {
        _fixture.Check(Wifi, nominate: true);
        IceCredentials renewed = _fixture.NewCredentials();
        Agent.Restart(renewed, _fixture.Remote, _fixture.Now);
        Assert.True(Agent.IsNominated);
        _fixture.Check(Wifi, receiver: renewed);
        Assert.False(Agent.IsNominated);
        Assert.Equal(Wifi, Agent.SelectedPath);
    }

    [Fact]
    public void Two_restarts_in_a_row_keep_the_credentials_in_use()
    {
        _fixture.Check(Wifi, nominate: true);
        IceCredentials abandoned = _fixture.NewCredentials(), renewed = _fixture.NewCredentials();
        Agent.Restart(abandoned, _fixture.Remote, _fixture.Now);
        Agent.Restart(renewed, null, _fixture.Now);
        Assert.Equal(DropReason.StunUnknownUsername, _fixture.Check(Wifi, receiver: abandoned).Drop);
        Assert.Equal(DropReason.None, _fixture.Check(Wifi).Drop);
        Assert.True(_fixture.Check(Wifi, receiver: renewed).RestartCompleted);
    }

    [Fact]
    public void Restart_of_a_silent_agent_has_its_own_time_to_connect()
    {
        _fixture.Check(Wifi, nominate: true);
        _fixture.Advance(25);
        IceCredentials renewed = _fixture.NewCredentials();
        Agent.Restart(renewed, _fixture.Remote, _fixture.Now);
        _fixture.Advance(20);
        Assert.Equal(IceState.Disconnected, Agent.State);
        Assert.Null(Agent.SelectedPath); // no consent, no media
        _fixture.Check(Cellular, receiver: renewed);
        Assert.Equal(IceState.Connected, Agent.State);
        Assert.Equal(Cellular, Agent.SelectedPath);
    }

    [Fact]
    public void Restart_of_a_failed_agent_voids_the_old_credentials()
    {
        _fixture.Advance(30);
        IceCredentials renewed = _fixture.NewCredentials();
        Agent.Restart(renewed, _fixture.Remote, _fixture.Now);
        Assert.Equal(IceState.New, Agent.State);
        Assert.Null(Agent.PreviousLocalCredentials);
        Assert.Equal(DropReason.StunUnknownUsername, _fixture.Check(Wifi).Drop);
        Assert.Equal(DropReason.None, _fixture.Check(Wifi, receiver: renewed).Drop);
    }
}
