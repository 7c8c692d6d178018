using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Ice;

public sealed class IceNominationTests
{
    /// <summary>
    /// The selected path was selected at 10 s with priority 100; at <paramref name="now"/> a check with USE-CANDIDATE
    /// comes along the candidate path. Times in milliseconds.
    /// </summary>
    [Theory]
    // aggressive: only a higher priority takes over from a path that is nominated again and again
    [InlineData(10_500, 10_400, true, 10_450, 101u, true)]
    [InlineData(10_500, 10_400, true, 10_450, 100u, false)]
    [InlineData(10_500, 10_400, true, 10_450, 99u, false)]
    [InlineData(10_500, 10_400, true, 9_000, 99u, false)]
    // regular: the selected path's checks carry no flag any more, so a flag elsewhere is a new choice
    [InlineData(10_500, 10_400, false, 10_450, 99u, true)]
    // the selected path is not nominated any more: 2.5 s
    [InlineData(12_499, 10_000, true, 10_450, 99u, false)]
    [InlineData(12_500, 10_000, true, 10_450, 99u, true)]
    [InlineData(12_500, 10_000, true, 10_450, 100u, true)]
    // a path first seen 5 s after the selection is a network change
    [InlineData(16_000, 15_900, true, 14_999, 99u, false)]
    [InlineData(16_000, 15_900, true, 15_000, 99u, true)]
    public void Nominated_path_takes_over_by_the_rules(
        int now, int selectedLastCheck, bool selectedNominating, int candidateFirstSeen, uint candidatePriority, bool expected)
    {
        IcePath selected = NewPath(1, 9_000);
        selected.OnCheck(1, 100, useCandidate: true, At(10_000));
        selected.OnCheck(1, 100, selectedNominating, At(selectedLastCheck));
        IcePath candidate = NewPath(2, candidateFirstSeen);
        candidate.OnCheck(1, candidatePriority, useCandidate: true, At(now));

        Assert.Equal(expected, IceNomination.Replaces(candidate, selected, At(10_000), At(now), IceOptions.Default));
    }

    [Fact]
    public void Provisional_path_gives_way_to_any_nominated_one()
    {
        IcePath selected = NewPath(1, 10_000);
        selected.OnCheck(1, 100, useCandidate: false, At(10_000));
        IcePath candidate = NewPath(2, 10_010);
        candidate.OnCheck(1, 1, useCandidate: true, At(10_010));

        Assert.True(IceNomination.Replaces(candidate, selected, At(10_000), At(10_010), IceOptions.Default));
    }

    [Fact]
    public void Path_of_an_earlier_generation_gives_way_to_one_nominated_after_the_restart()
    {
        IcePath selected = NewPath(1, 10_000);
        selected.OnCheck(1, 100, useCandidate: true, At(10_000));
        IcePath candidate = NewPath(2, 10_010);
        candidate.OnCheck(2, 1, useCandidate: true, At(10_010));

        Assert.True(IceNomination.Replaces(candidate, selected, At(10_000), At(10_010), IceOptions.Default));
    }

    private static MonotonicTime At(int milliseconds) => MonotonicTime.FromMilliseconds(milliseconds);

    private static IcePath NewPath(int serial, int firstSeen) =>
        new(new NetworkPath(new EndpointId(0), TransportAddress.FromIPv4(0xC000_0200u + (uint)serial, 5000)), serial, At(firstSeen));
}
