using System.Net;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Ice;

/// <summary>Candidate pairs and the order of their checks: RFC 8445 sections 6.1.2 and 6.1.4 as tables.</summary>
public sealed class IceCheckListTests
{
    private readonly IceCheckList _list = new(capacity: 100);

    [Theory]
    [InlineData(1u, 2u, IceRole.Controlling, (1UL << 32) + 4)]
    [InlineData(2u, 1u, IceRole.Controlling, (1UL << 32) + 4 + 1)]
    [InlineData(2u, 1u, IceRole.Controlled, (1UL << 32) + 4)]
    [InlineData(1u, 2u, IceRole.Controlled, (1UL << 32) + 4 + 1)]
    [InlineData(7u, 7u, IceRole.Controlling, (7UL << 32) + 14)]
    [InlineData(0x7FFF_FFFFu, 0x7FFF_FFFFu, IceRole.Controlled, 0x7FFF_FFFF_FFFF_FFFEUL)]
    public void Priority_of_a_pair_is_by_the_formula(uint local, uint remote, IceRole role, ulong expected) =>
        Assert.Equal(expected, new IcePair(default, local, remote, "").PriorityIn(role));

    [Theory]
    [InlineData("1 1 udp 5 198.51.100.1 7882 typ host", true)]
    [InlineData("1 1 udp 5 198.51.100.1 7882 typ srflx raddr 10.0.0.1 rport 9", true)]
    [InlineData("1 2 udp 5 198.51.100.1 7882 typ host", false)]
    [InlineData("1 1 tcp 5 198.51.100.1 7882 typ host tcptype passive", false)]
    [InlineData("1 1 udp 5 abc.local 7882 typ host", false)]
    [InlineData("1 1 udp 5 198.51.100.1 0 typ host", false)]
    public void Candidate_makes_a_pair_when_it_can_be_checked(string text, bool isPaired)
    {
        Assert.True(IceCandidate.TryParse(text, out IceCandidate? candidate));
        _list.AddRemote(candidate, IceRole.Controlling);
        Assert.Equal(isPaired ? 1 : 0, _list.Pairs.Count);
    }

    [Fact]
    public void Candidate_pairs_with_each_local_one_of_its_family()
    {
        _list.AddBase(new EndpointId(0), IceCandidate.Host(Address("192.0.2.1")));
        _list.AddBase(new EndpointId(1), IceCandidate.Host(Address("192.0.2.2")));
        _list.AddBase(new EndpointId(2), IceCandidate.Host(Address("2001:db8::2")));
        _list.AddRemote(IceCandidate.Host(Address("198.51.100.1")), IceRole.Controlling);
        _list.AddRemote(IceCandidate.Host(Address("2001:db8::1")), IceRole.Controlling);
        Assert.Equal([0, 1, 2], _list.Pairs.Select(pair => pair.Path.Local.Value).Order());
    }

    [Fact]
    public void Second_candidate_at_one_address_makes_no_second_pair()
    {
        _list.AddRemote(IceClientFixture.Candidate(1), IceRole.Controlling);
        _list.AddRemote(IceClientFixture.Candidate(1, "other") with { Priority = 9 }, IceRole.Controlling);
        Assert.Single(_list.Pairs);
    }

    [Fact]
    public void Pairs_are_bounded_whatever_the_remote_names_or_comes_from()
    {
        for (int i = 1; i < 200; i++)
        {
            if (i % 2 == 0)
                _list.AddRemote(IceClientFixture.Candidate(i), IceRole.Controlling);
            else
                _list.FindOrAdd(IceClientFixture.PathOf(i), priority: 1);
        }
        Assert.Equal(100, _list.Pairs.Count);
        Assert.Null(_list.FindOrAdd(IceClientFixture.PathOf(999), priority: 1));
        Assert.NotNull(_list.FindOrAdd(IceClientFixture.PathOf(1), priority: 1));
    }

    [Fact]
    public void Pairs_are_checked_by_priority()
    {
        foreach (int number in (int[])[3, 1, 4, 2])
            _list.AddRemote(IceClientFixture.Candidate(number), IceRole.Controlling);
        Assert.Equal([1, 2, 3, 4], TakeAll());
    }

    [Fact]
    public void Triggered_check_goes_before_ordinary_ones()
    {
        foreach (int number in (int[])[1, 2, 3])
            _list.AddRemote(IceClientFixture.Candidate(number), IceRole.Controlling);
        _list.Trigger(_list.Find(IceClientFixture.PathOf(3))!);
        _list.Trigger(_list.Find(IceClientFixture.PathOf(2))!);
        _list.Trigger(_list.Find(IceClientFixture.PathOf(3))!);
        Assert.Equal([3, 2, 1], TakeAll());
    }

    [Fact]
    public void Of_a_foundation_the_best_pair_waits_and_the_others_are_frozen()
    {
        foreach (int number in (int[])[2, 1, 3])
            _list.AddRemote(IceClientFixture.Candidate(number, "same"), IceRole.Controlling);
        Assert.Equal([IcePairState.Waiting, IcePairState.Frozen, IcePairState.Frozen], States(1, 2, 3));

        _list.TakeNext(IceRole.Controlling)!.State = IcePairState.InProgress;
        Assert.False(_list.HasNext(IceRole.Controlling));
    }

    [Fact]
    public void Success_unfreezes_its_foundation_also_for_candidates_that_come_later()
    {
        foreach (int number in (int[])[1, 2])
            _list.AddRemote(IceClientFixture.Candidate(number, "same"), IceRole.Controlling);
        IcePair first = _list.TakeNext(IceRole.Controlling)!;
        _list.Succeed(first);
        _list.AddRemote(IceClientFixture.Candidate(3, "same"), IceRole.Controlling);
        Assert.Equal([IcePairState.Succeeded, IcePairState.Waiting, IcePairState.Waiting], States(1, 2, 3));
    }

    [Fact]
    public void Success_ends_a_triggered_check_of_the_pair()
    {
        _list.AddRemote(IceClientFixture.Candidate(1), IceRole.Controlling);
        _list.Trigger(_list.Pairs[0]);
        _list.Succeed(_list.Pairs[0]);
        Assert.False(_list.HasNext(IceRole.Controlling));
    }

    [Fact]
    public void Failure_lets_the_next_pair_of_the_foundation_be_checked()
    {
        foreach (int number in (int[])[1, 2])
            _list.AddRemote(IceClientFixture.Candidate(number, "same"), IceRole.Controlling);
        _list.TakeNext(IceRole.Controlling)!.Fail(hasTimedOut: true);
        Assert.Equal(IceClientFixture.PathOf(2), _list.TakeNext(IceRole.Controlling)!.Path);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 0)]
    public void Unanswered_pairs_are_checked_again_when_nothing_else_is_left_but_refused_ones_are_not(bool hasTimedOut, int expected)
    {
        foreach (int number in (int[])[1, 2])
            _list.AddRemote(IceClientFixture.Candidate(number), IceRole.Controlling);
        IcePair[] pairs = [.. _list.Pairs];
        pairs[0].Fail(hasTimedOut);
        Assert.Equal(pairs[1], _list.TakeNext(IceRole.Controlling));
        pairs[1].Fail(hasTimedOut);
        Assert.Equal(expected, TakeAll().Count);
    }

    private List<int> TakeAll()
    {
        List<int> numbers = [];
        while (_list.TakeNext(IceRole.Controlling) is { } pair)
        {
            pair.State = IcePairState.InProgress;
            numbers.Add((int)(pair.Path.Remote.IPv4 & 0xFF));
        }
        return numbers;
    }

    private IcePairState[] States(params int[] numbers) =>
        [.. numbers.Select(number => _list.Find(IceClientFixture.PathOf(number))!.State)];

    private static TransportAddress Address(string text) => TransportAddress.From(IPAddress.Parse(text), 7882);
}
