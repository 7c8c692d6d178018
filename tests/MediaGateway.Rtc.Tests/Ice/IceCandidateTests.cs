using System.Net;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Ice;

public sealed class IceCandidateTests
{
    [Theory] // As Chromium, Firefox, libwebrtc and the RFCs write them
    [InlineData("169547145 1 udp 2122194687 192.0.2.2 41444 typ host generation 0 network-id 1",
        "169547145 1 udp 2122194687 192.0.2.2 41444 typ host")]
    [InlineData("1899442752 1 udp 2122265343 fd00::2 47125 typ host generation 0 network-id 2",
        "1899442752 1 udp 2122265343 fd00::2 47125 typ host")]
    [InlineData("0 2 UDP 2122252542 10.99.0.1 48413 typ host", "0 2 udp 2122252542 10.99.0.1 48413 typ host")]
    [InlineData("1 1 TCP 2105524479 10.99.0.1 9 typ host tcptype active", "1 1 tcp 2105524479 10.99.0.1 9 typ host tcptype active")]
    [InlineData("1 1 TCP 2128609279 10.0.1.1 8998 typ host tcptype passive", "1 1 tcp 2128609279 10.0.1.1 8998 typ host tcptype passive")]
    [InlineData("2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998",
        "2 1 udp 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998")]
    [InlineData("candidate:5 1 udp 1 2001:DB8::1 5 typ RELAY raddr :: rport 9 ufrag abcd",
        "5 1 udp 1 2001:db8::1 5 typ relay raddr :: rport 9")]
    [InlineData("5 1 udp 1 192.0.2.1 5 typ prflx raddr 0.0.0.0 rport 0", "5 1 udp 1 192.0.2.1 5 typ prflx raddr 0.0.0.0 rport 0")]
    [InlineData("5 1 udp 1 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 54596 typ host",
        "5 1 udp 1 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 54596 typ host")]
    [InlineData("5 1 udp 1 192.0.2.1 5 typ host raddr", "5 1 udp 1 192.0.2.1 5 typ host")]
    [InlineData("5 1 udp 1 192.0.2.1 5 typ srflx raddr nat.example rport 5", "5 1 udp 1 192.0.2.1 5 typ srflx")]
    [InlineData("5 1 udp 1 192.0.2.1 5 typ host tcptype passive", "5 1 udp 1 192.0.2.1 5 typ host")]
    public void TryParse_reads_what_ToString_writes(string value, string canonical)
    {
        Assert.True(IceCandidate.TryParse(value, out IceCandidate? candidate));
        Assert.Equal(canonical, candidate.ToString());
        Assert.True(IceCandidate.TryParse(canonical, out IceCandidate? again));
        Assert.Equal(candidate, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("candidate:")]
    [InlineData("1 1 udp 1 192.0.2.1 5")] // no type
    [InlineData("1 1 udp 1 192.0.2.1 5 typ")]
    [InlineData("1 1 udp 1 192.0.2.1 5 typ best")]
    [InlineData("1 1 udp 1 192.0.2.1 5 type host")]
    [InlineData("1 0 udp 1 192.0.2.1 5 typ host")] // component
    [InlineData("1 257 udp 1 192.0.2.1 5 typ host")]
    [InlineData("1 1 sctp 1 192.0.2.1 5 typ host")]
    [InlineData("1 1 udp 4294967296 192.0.2.1 5 typ host")]
    [InlineData("1 1 udp -1 192.0.2.1 5 typ host")]
    [InlineData("1 1 udp 1 192.0.2.1 65536 typ host")]
    [InlineData("1 1 udp 1 192.0.2 5 typ host")] // forms of an address that only look like one
    [InlineData("1 1 udp 1 192.0.2.256 5 typ host")]
    [InlineData("1 1 udp 1 192.0.2.01 5 typ host")]
    [InlineData("1 1 udp 1 3221225985 5 typ host")]
    [InlineData("1 1 udp 1 fe80::1%eth0 5 typ host")]
    [InlineData("1 1 udp 1 [fd00::2] 5 typ host")]
    [InlineData("1 1 udp 1 fd00:::2 5 typ host")]
    [InlineData("1 1 udp 1 :: 0 typ host")]
    [InlineData("1 1 udp 1 exa/mple 5 typ host")]
    [InlineData("a:b 1 udp 1 192.0.2.1 5 typ host")]
    [InlineData("012345678901234567890123456789012 1 udp 1 192.0.2.1 5 typ host")] // foundation of 33
    public void TryParse_of_a_malformed_value_fails(string value) => Assert.False(IceCandidate.TryParse(value, out _));

    [Fact]
    public void TryParse_of_a_value_beyond_the_limit_fails() =>
        Assert.False(IceCandidate.TryParse("1 1 udp 1 192.0.2.1 5 typ host x " + new string('y', 512), out _));

    [Fact]
    public void Host_name_stands_beside_the_port()
    {
        Assert.True(IceCandidate.TryParse("5 1 udp 1 abc.local 54596 typ host", out IceCandidate? candidate));
        Assert.Equal("abc.local", candidate.HostName);
        Assert.Equal(54596, candidate.Address.Port);
    }

    [Fact]
    public void Host_has_the_priority_of_RFC_8445_section_5_1_2_1()
    {
        TransportAddress address = TransportAddress.From(IPAddress.Parse("192.0.2.1"), 7000);
        Assert.Equal(2130706431u, IceCandidate.Host(address).Priority);
        Assert.Equal((126u << 24) + (10u << 8) + 255, IceCandidate.Host(address, 10).Priority);
    }

    [Fact]
    public void Host_foundation_differs_by_address_and_not_by_port()
    {
        string foundation = Foundation("192.0.2.1", 7000);
        Assert.Equal(foundation, Foundation("192.0.2.1", 7001));
        Assert.NotEqual(foundation, Foundation("192.0.2.2", 7000));
        Assert.True(IceCandidate.TryParse($"{foundation} 1 udp 1 192.0.2.1 5 typ host", out _));
    }

    [Fact]
    public void Mutated_values_never_throw_and_survive_a_round_trip_when_they_parse()
    {
        var random = new Random(20260102);
        string[] seeds =
        [
            "candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998",
            "1 1 TCP 2105524479 fd00::2 9 typ host tcptype active generation 0",
            "5 1 udp 1 1f4712db-ea17.local 54596 typ host",
        ];
        const string Characters = " 0123456789abcdefx:.%-[]/\0é";
        int parsed = 0;
        for (int i = 0; i < 20_000; i++)
        {
            char[] value = seeds[random.Next(seeds.Length)].ToCharArray();
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                value[random.Next(value.Length)] = Characters[random.Next(Characters.Length)];
            if (!IceCandidate.TryParse(value, out IceCandidate? candidate))
                continue;
            parsed++;
            Assert.True(IceCandidate.TryParse(candidate.ToString(), out IceCandidate? again), candidate.ToString());
            Assert.Equal(candidate, again);
        }
        Assert.InRange(parsed, 1_000, 19_000);
    }

    private static string Foundation(string address, int port) =>
        IceCandidate.Host(TransportAddress.From(IPAddress.Parse(address), port)).Foundation;
}
