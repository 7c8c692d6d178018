using System.Text;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

public sealed class EarlyChecksTests
{
    private static readonly MonotonicTime Start = MonotonicTime.FromMilliseconds(1_000_000);

    private readonly EarlyChecks _checks = new();

    [Fact]
    public void Check_is_found_by_its_user_name_and_taken_once()
    {
        Add("abcd", 1);
        Add("efgh", 2);

        Assert.False(_checks.TryTake("abc", Start, out _, out _));
        Assert.True(_checks.TryTake("abcd", Start, out Span<byte> datagram, out NetworkPath path));
        Assert.Equal("check abcd", Encoding.ASCII.GetString(datagram));
        Assert.Equal(SimulatedCall.PathOf(1), path);
        Assert.False(_checks.TryTake("abcd", Start, out _, out _));
        Assert.True(_checks.TryTake("efgh", Start, out _, out _));
    }

    [Fact]
    public void Newest_of_several_is_taken()
    {
        Add("abcd", 1);
        Add("abcd", 2);

        Assert.True(_checks.TryTake("abcd", Start, out _, out NetworkPath path));
        Assert.Equal(SimulatedCall.PathOf(2), path);
    }

    [Fact]
    public void Check_of_long_ago_is_nobodys()
    {
        Add("abcd", 1);

        Assert.False(_checks.TryTake("abcd", Start + TimeSpan.FromSeconds(3), out _, out _));
    }

    [Fact]
    public void Flood_leaves_the_newest()
    {
        Add("abcd", 1);
        for (int i = 0; i < EarlyChecks.Capacity; i++)
            Add($"x{i:D3}", 2);

        Assert.False(_checks.TryTake("abcd", Start, out _, out _));
        Assert.True(_checks.TryTake("x000", Start, out _, out _));
    }

    [Fact]
    public void Datagram_longer_than_a_check_is_not_kept()
    {
        byte[] datagram = new byte[EarlyChecks.MaxLength + 1];
        "abcd"u8.CopyTo(datagram);
        _checks.Add(datagram, datagram.AsSpan(0, 4), SimulatedCall.PathOf(1), Start);

        Assert.False(_checks.TryTake("abcd", Start, out _, out _));
    }

    private void Add(string usernameFragment, int path)
    {
        byte[] datagram = Encoding.ASCII.GetBytes("check " + usernameFragment);
        _checks.Add(datagram, datagram.AsSpan(6), SimulatedCall.PathOf(path), Start);
    }
}
