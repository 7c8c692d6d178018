using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Tests.Ice;

/// <summary>The rules for a full agent that sends checks: RFC 8445 sections 7.2, 7.3, 8 and 14, and RFC 7675.</summary>
public sealed class IceClientTests
{
    private readonly IceClientFixture _fixture = new();

    private IceAgent Agent => _fixture.Agent;

    [Fact]
    public void Check_says_what_the_rfc_asks_for()
    {
        Agent.AddRemoteCandidate(IceClientFixture.Candidate(1));
        byte[] check = _fixture.SendOne().Check;
        Assert.True(StunMessageView.TryParse(check, out StunMessageView message));
        Assert.Equal((StunClass.Request, StunMethod.Binding), (message.Class, message.Method));
        Assert.True(message.TryGet(StunAttributeType.Username, out ReadOnlySpan<byte> username));
        Assert.Equal($"{_fixture.Remote.UsernameFragment}:{_fixture.Local.UsernameFragment}",
            System.Text.Encoding.UTF8.GetString(username));
        Assert.True(message.TryGetTieBreaker(StunAttributeType.IceControlling, out _));
        Assert.True(message.TryGetPriority(out uint priority));
        Assert.Equal(110u, priority >> 24);
        Assert.False(message.Has(StunAttributeType.UseCandidate));
        Assert.True(message.VerifyIntegrity(System.Text.Encoding.UTF8.GetBytes(_fixture.Remote.Password)));
        Assert.Equal(FingerprintStatus.Valid, message.CheckFingerprint());
    }

    [Fact]
    public void Unanswered_check_is_sent_again_with_doubling_waits_and_then_given_up()
    {
        Agent.AddRemoteCandidate(IceClientFixture.Candidate(1));
        MonotonicTime start = _fixture.Now;
        _fixture.Advance(29);
        // RFC 8489 section 6.2.1: 0, 500, 1500, 3500, 7500, 15500 and 31500 ms; the last would come after the agent's 30 s.
        Assert.Equal([0, 500, 1500, 3500, 7500, 15_500], _fixture.Sent.Select(sent => (sent.At - start).TotalMilliseconds));
        Assert.Single(_fixture.Sent.Select(sent => IceClientFixture.IdOf(sent.Check)).Distinct());
        _fixture.Advance(2);
        Assert.Equal(IceState.Failed, Agent.State);
        Assert.True(Agent.NextDeadline.IsNever);
    }

    [Fact]
    public void Check_given_up_begins_anew_while_there_is_time_to_connect()
    {
        var fixture = new IceClientFixture(IceOptions.Default with { RetransmissionTimeout = TimeSpan.FromMilliseconds(50) });
        fixture.Agent.AddRemoteCandidate(IceClientFixture.Candidate(1));
        fixture.Advance(29);
        Assert.InRange(fixture.Sent.Select(sent => IceClientFixture.IdOf(sent.Check)).Distinct().Count(), 5, 8);
        fixture.Answer((fixture.Sent[^1].Check, fixture.Sent[^1].Path));
        Assert.Equal(IceState.Connected, fixture.Agent.State);
    }

    [Fact]
    public void New_checks_leave_at_the_pace_of_ta()
    {
        for (int i = 1; i <= 10; i++)
            Agent.AddRemoteCandidate(IceClientFixture.Candidate(i));
        _fixture.Advance(0.449);
        Assert.Equal(9, _fixture.Sent.Count);
        Assert.All(_fixture.Sent.Zip(_fixture.Sent.Skip(1)), pair =>
            Assert.Equal(TimeSpan.FromMilliseconds(50), pair.Second.At - pair.First.At));
        // RFC 8445 section 14.3: 10 pairs are under way, so an answer is waited for at least 10 Ta: no sooner than 500 ms.
        _fixture.Advance(0.049);
        Assert.Equal(10, _fixture.Sent.Count);
    }

    [Fact]
    public void Nothing_is_sent_without_the_remotes_credentials_or_candidates()
    {
        _fixture.Advance(5);
        Assert.Empty(_fixture.Sent);

        var alone =
            new IceAgent(_fixture.Local, IceOptions.Default, IceRole.Controlling, new MediaGateway.Testing.Primitives.SeededEntropy(1));
        alone.Start(_fixture.Now);
        alone.AddRemoteCandidate(IceClientFixture.Candidate(1));
        Assert.False(alone.TryWriteCheck(new byte[IceAgent.MaxCheckLength], _fixture.Now, out _, out _));
        alone.SetRemote(_fixture.Remote);
        Assert.True(alone.TryWriteCheck(new byte[IceAgent.MaxCheckLength], _fixture.Now, out _, out _));
    }

    [Fact]
    public void Answer_proves_the_path_and_says_our_address()
    {
        Agent.AddRemoteCandidate(IceClientFixture.Candidate(1));
        IceCheck check = _fixture.Answer(_fixture.SendOne());
        Assert.True(check is { PathAdded: true, SelectedPathChanged: true, ResponseLength: 0, Drop: DropReason.None });
        Assert.Equal(IceClientFixture.PathOf(1), Agent.SelectedPath);
        Assert.Equal(IceState.Connected, Agent.State);
        Assert.Equal(TransportAddress.FromIPv4(0xC000_0201, 40_000), Agent.MappedAddress);
        Assert.False(Agent.IsNominated);
    }

    [Fact]
    public void Answer_of_a_stranger_changes_nothing()
    {
        Agent.AddRemoteCandidate(IceClientFixture.Candidate(1));
        (byte[] Check, NetworkPath Path) sent = _fixture.SendOne();
        Assert.Equal(DropReason.StunBadIntegrity, _fixture.Answer(sent, password: _fixture.Local.Password).Drop);
        byte[] unasked = [.. sent.Check];
        unasked[15] ^= 1;
        Assert.Equal(DropReason.StunNotARequest, _fixture.Answer((unasked, sent.Path)).Drop);
        Assert.Equal(IceState.New, Agent.State);

        Assert.Equal(DropReason.None, _fixture.Answer(sent).Drop);
        Assert.Equal(DropReason.StunNotARequest, _fixture.Answer(sent).Drop);
    }

    [Fact]
    public void Answer_from_elsewhere_fails_the_pair()
    {
        Agent.AddRemoteCandidate(IceClientFixture.Candidate(1));
        _fixture.Answer(_fixture.SendOne(), from: IceClientFixture.PathOf(2));
        Assert.Equal(IceState.New, Agent.State);
        Assert.Null(Agent.SelectedPath);
        _fixture.Advance(29);
        Assert.Single(_fixture.Sent);
    }

    [Fact]
    public void Best_pair_is_nominated_at_once_when_no_better_one_is_left()
    {
        Agent.AddRemoteCandidate(IceClientFixture.Candidate(1));
        _fixture.Answer(_fixture.SendOne());
        (byte[] Check, NetworkPath Path) nomination = _fixture.SendOne();
        Assert.True(IceClientFixture.Has(nomination.Check, StunAttributeType.UseCandidate));
        Assert.False(Agent.IsNominated);
        _fixture.Answer(nomination);
        Assert.True(Agent.IsNominated);
    }

    [Fact]
    public void First_check_nominates_where_the_options_say_so()
    {
        var fixture = new IceClientFixture(IceOptions.Default with { NominatesFirst = true });
        fixture.Agent.AddRemoteCandidate(IceClientFixture.Candidate(1));
        (byte[] Check, NetworkPath Path) first = fixture.SendOne();
        Assert.True(IceClientFixture.Has(first.Check, StunAttributeType.UseCandidate));
        fixture.Answer(first);
        Assert.True(fixture.Agent.IsNominated);
        Assert.Empty(fixture.Send());
    }

    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(0.7, 2)]
    public void Better_pair_is_waited_for_but_not_for_long(double answeredAfter, int expected)
    {
        Agent.AddRemoteCandidate(IceClientFixture.Candidate(1));
        Agent.AddRemoteCandidate(IceClientFixture.Candidate(2));
        _fixture.Advance(0.1);
        _fixture.Answer((_fixture.Sent[1].Check, _fixture.Sent[1].Path));
        _fixture.Advance(answeredAfter);
        foreach ((_, byte[] check, NetworkPath path) in _fixture.Sent.ToArray())
            _fixture.Answer((check, path));
        _fixture.Advance(0);
        foreach ((_, byte[] check, NetworkPath path) in _fixture.Sent.ToArray())
            _fixture.Answer((check, path));
        Assert.True(Agent.IsNominated);
        Assert.Equal(IceClientFixture.PathOf(expected), Agent.SelectedPath);
    }

    [Fact]
    public void Nomination_ends_the_checks_of_other_pairs()
    {
        for (int i = 1; i <= 5; i++)
            Agent.AddRemoteCandidate(IceClientFixture.Candidate(i));
        _fixture.Answer(_fixture.SendOne());
        _fixture.Answer(_fixture.Send().First(sent => IceClientFixture.Has(sent.Check, StunAttributeType.UseCandidate)));
        int sent = _fixture.Sent.Count;
        _fixture.Advance(3.9);
        Assert.Equal(sent, _fixture.Sent.Count);
    }

    [Fact]
    public void Unanswered_nomination_gives_way_to_the_next_pair()
    {
        var fixture = new IceClientFixture(IceOptions.Default with { RetransmissionTimeout = TimeSpan.FromMilliseconds(50) });
        fixture.Agent.AddRemoteCandidate(IceClientFixture.Candidate(1));
        fixture.Agent.AddRemoteCandidate(IceClientFixture.Candidate(2));
        fixture.Advance(0.06);
        foreach ((_, byte[] check, NetworkPath path) in fixture.Sent.ToArray())
            fixture.Answer((check, path));
        for (int i = 0; i < 100 && !fixture.Agent.IsNominated; i++)
        {
            fixture.Advance(0.1);
            foreach ((_, byte[] check, NetworkPath path) in fixture.Sent.Where(sent => sent.Path == IceClientFixture.PathOf(2)).ToArray())
                fixture.Answer((check, path));
        }
        Assert.True(fixture.Agent.IsNominated);
        Assert.Equal(IceClientFixture.PathOf(2), fixture.Agent.SelectedPath);
    }

    [Fact]
    public void Consent_is_asked_for_every_four_to_six_seconds_in_transactions_of_their_own()
    {
        _fixture.Connect();
        _fixture.Sent.Clear();
        for (int i = 0; i < 200; i++)
        {
            _fixture.Advance(0.5);
            if (_fixture.Sent.Count > 0 && _fixture.Sent[^1].At > _fixture.Now - TimeSpan.FromSeconds(0.5))
                _fixture.Answer((_fixture.Sent[^1].Check, _fixture.Sent[^1].Path));
        }
        Assert.InRange(_fixture.Sent.Count, 14, 25);
        Assert.All(_fixture.Sent.Zip(_fixture.Sent.Skip(1)), pair =>
            Assert.InRange(pair.Second.At - pair.First.At, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6.5)));
        Assert.Equal(_fixture.Sent.Count, _fixture.Sent.Select(sent => IceClientFixture.IdOf(sent.Check)).Distinct().Count());
        // Repeated, so that a lite remote follows when a NAT has given us another address.
        Assert.All(_fixture.Sent, sent => Assert.True(IceClientFixture.Has(sent.Check, StunAttributeType.UseCandidate)));
        Assert.Equal(IceState.Connected, Agent.State);
    }

    [Theory]
    [InlineData(29.5, IceState.Disconnected)]
    [InlineData(30.1, IceState.Failed)]
    public void Consent_expires_thirty_seconds_after_the_last_answer(double seconds, IceState expected)
    {
        _fixture.Connect();
        _fixture.Advance(seconds);
        Assert.Equal(expected, Agent.State);
        Assert.Equal(expected == IceState.Failed, Agent.SelectedPath is null);
        _fixture.Advance(30.1 - seconds);
        int sent = _fixture.Sent.Count;
        _fixture.Advance(10);
        Assert.Equal(sent, _fixture.Sent.Count);
    }

    [Fact]
    public void Requests_of_the_remote_are_no_consent()
    {
        _fixture.Connect();
        for (int i = 0; i < 31; i++)
        {
            _fixture.Advance(1);
            _fixture.Request(IceClientFixture.PathOf(1), StunAttributeType.IceControlled, 1);
        }
        Assert.Equal(IceState.Failed, Agent.State);
    }

    [Fact]
    public void Consent_check_may_be_sent_again_where_the_options_say_so()
    {
        var fixture = new IceClientFixture(IceOptions.Default with
        { RetransmissionTimeout = TimeSpan.FromMilliseconds(50), ConsentTransmissions = 4 });
        fixture.Connect();
        fixture.Sent.Clear();
        fixture.Advance(6.5);
        Assert.Equal(4, fixture.Sent.Count);
        Assert.Single(fixture.Sent.Select(sent => IceClientFixture.IdOf(sent.Check)).Distinct());
        Assert.Equal([50, 100, 200],
            fixture.Sent.Zip(fixture.Sent.Skip(1)).Select(pair => (pair.Second.At - pair.First.At).TotalMilliseconds));
    }

    [Fact]
    public void Request_from_an_unknown_address_is_answered_and_checked()
    {
        IceCheck check = _fixture.Request(IceClientFixture.PathOf(9), StunAttributeType.IceControlled, 1);
        Assert.True(check.ResponseLength > 0);
        Assert.False(Agent.IsValidPath(IceClientFixture.PathOf(9)));
        (byte[] Check, NetworkPath Path) triggered = _fixture.SendOne();
        Assert.Equal(IceClientFixture.PathOf(9), triggered.Path);
        _fixture.Answer(triggered);
        Assert.True(Agent.IsValidPath(IceClientFixture.PathOf(9)));
    }

    /// <summary>
    /// RFC 8445 section 7.3.1.1: who has the greater tie-breaker stays, the other changes; equal ones count as greater for the receiver.
    /// </summary>
    [Theory]
    [InlineData(IceRole.Controlling, 0UL, IceRole.Controlling, true)]
    [InlineData(IceRole.Controlling, ulong.MaxValue, IceRole.Controlled, false)]
    [InlineData(IceRole.Controlled, 0UL, IceRole.Controlling, false)]
    [InlineData(IceRole.Controlled, ulong.MaxValue, IceRole.Controlled, true)]
    public void Request_that_claims_our_role_is_settled_by_the_tie_breakers(IceRole role, ulong theirs, IceRole expected, bool isRefused)
    {
        var fixture = new IceClientFixture(role: role);
        StunAttributeType claimed = role == IceRole.Controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled;
        IceCheck check = fixture.Request(IceClientFixture.PathOf(1), claimed, theirs);
        Assert.Equal(expected, fixture.Agent.Role);
        Assert.True(StunMessageView.TryParse(fixture.Response.AsSpan(0, check.ResponseLength), out StunMessageView answer));
        Assert.Equal(isRefused, answer.TryGetErrorCode(out StunErrorCode code, out _) && code == StunErrorCode.RoleConflict);
        // Who is refused is not checked; who is answered is.
        Assert.Equal(isRefused, fixture.Send().Count == 0);
    }

    [Theory]
    [InlineData(IceRole.Controlling, IceRole.Controlled)]
    [InlineData(IceRole.Controlled, IceRole.Controlling)]
    public void Role_conflict_changes_our_role_and_the_check_is_sent_anew(IceRole role, IceRole expected)
    {
        var fixture = new IceClientFixture(role: role);
        fixture.Agent.AddRemoteCandidate(IceClientFixture.Candidate(1));
        (byte[] Check, NetworkPath Path) refused = fixture.SendOne();
        fixture.Refuse(refused, StunErrorCode.RoleConflict);
        Assert.Equal(expected, fixture.Agent.Role);
        fixture.Advance(0.06);
        byte[] again = fixture.Sent[^1].Check;
        Assert.NotEqual(IceClientFixture.IdOf(refused.Check), IceClientFixture.IdOf(again));
        Assert.True(IceClientFixture.Has(again, expected == IceRole.Controlling ? StunAttributeType.IceControlling
            : StunAttributeType.IceControlled));
        fixture.Answer((again, refused.Path));
        Assert.Equal(IceState.Connected, fixture.Agent.State);
    }

    [Fact]
    public void Other_refusals_fail_the_pair()
    {
        Agent.AddRemoteCandidate(IceClientFixture.Candidate(1));
        _fixture.Refuse(_fixture.SendOne(), StunErrorCode.UnknownAttribute);
        _fixture.Advance(10);
        Assert.Single(_fixture.Sent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Controlled_agent_follows_a_nomination_before_and_after_its_own_check(bool isNominatedFirst)
    {
        var fixture = new IceClientFixture(role: IceRole.Controlled);
        fixture.Agent.AddRemoteCandidate(IceClientFixture.Candidate(1));
        (byte[] Check, NetworkPath Path) check = fixture.SendOne();
        if (!isNominatedFirst)
            fixture.Answer(check);
        fixture.Request(check.Path, StunAttributeType.IceControlling, 1, nominate: true);
        Assert.Equal(!isNominatedFirst, fixture.Agent.IsNominated);
        if (isNominatedFirst)
            fixture.Answer(check);
        Assert.True(fixture.Agent.IsNominated);
        Assert.Equal(IceRole.Controlled, fixture.Agent.Role);
        fixture.Advance(6.1);
        Assert.All(fixture.Sent, sent => Assert.False(IceClientFixture.Has(sent.Check, StunAttributeType.UseCandidate)));
    }

    [Fact]
    public void Restart_checks_with_the_new_credentials_and_keeps_the_path_until_an_answer()
    {
        _fixture.Connect();
        (_, byte[] old, NetworkPath path) = _fixture.Sent[^1];
        _fixture.Remote = _fixture.NewCredentials();
        Agent.Restart(_fixture.NewCredentials(), _fixture.Remote, _fixture.Now);
        Assert.Equal(IceClientFixture.PathOf(1), Agent.SelectedPath);
        _fixture.Advance(1);
        Assert.Equal(DropReason.StunNotARequest, _fixture.Answer((old, path)).Drop);

        Agent.AddRemoteCandidate(IceClientFixture.Candidate(2));
        IceCheck answered = _fixture.Answer(_fixture.SendOne());
        Assert.True(answered is { RestartCompleted: true, SelectedPathChanged: true });
        Assert.Equal(IceClientFixture.PathOf(2), Agent.SelectedPath);
        Assert.Null(Agent.PreviousLocalCredentials);
        Assert.False(Agent.IsNominated);
        _fixture.Answer(_fixture.SendOne());
        Assert.True(Agent.IsNominated);
    }

    [Fact]
    public void Lite_agent_sends_nothing_whatever_it_is_told()
    {
        var lite =
            new IceAgent(_fixture.Local, IceOptions.Default, IceRole.ControlledLite, new MediaGateway.Testing.Primitives.SeededEntropy(1));
        lite.SetRemote(_fixture.Remote);
        lite.Start(_fixture.Now);
        for (int i = 1; i < 10; i++)
            lite.AddRemoteCandidate(IceClientFixture.Candidate(i));
        while (!lite.NextDeadline.IsNever)
        {
            MonotonicTime now = lite.NextDeadline;
            lite.OnTimeout(now);
            Assert.False(lite.TryWriteCheck(new byte[IceAgent.MaxCheckLength], now, out _, out _));
        }
        Assert.Equal(IceState.Failed, lite.State);
        Assert.Equal(IceRole.ControlledLite, lite.Role);
    }
}
