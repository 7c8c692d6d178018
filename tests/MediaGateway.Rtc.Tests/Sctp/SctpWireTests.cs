using System.Text;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Rtc.Tests.Sctp;

public sealed class SctpWireTests
{
    /// <summary>RFC 3720 appendix B.4, which gives the CRC's bytes in the order they are sent.</summary>
    [Fact]
    public void Crc_matches_the_vectors_of_the_rfc()
    {
        Assert.Equal(0x8A9136AAu, Crc32c.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32c.Compute([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD794Eu, Crc32c.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0x113FDB5Cu, Crc32c.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))]));
        Assert.Equal(0xE3069283u, Crc32c.Compute("123456789"u8));
    }

    [Fact]
    public void Tsn_compares_across_the_wrap()
    {
        Assert.True(new Tsn(2) > new Tsn(0xFFFF_FFFE));
        Assert.Equal(4, new Tsn(2).DistanceFrom(new Tsn(0xFFFF_FFFE)));
        Assert.Equal(new Tsn(1), new Tsn(0xFFFF_FFFF) + 2);
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("00030003")]
    [InlineData("000300FF")]
    [InlineData("06000004000000")]
    public void Chunk_with_a_bad_length_ends_the_packet(string chunks)
    {
        byte[] packet = [.. new byte[12], .. Convert.FromHexString(chunks), .. new byte[chunks.Length < 8 ? 2 : 0]];
        Assert.True(SctpPacketReader.TryParse(packet, out SctpPacketReader reader));
        while (reader.TryRead(out _))
        {
        }
        Assert.True(reader.IsMalformed);
    }

    [Theory]
    [InlineData("0300010000000000000500036C6162656C707274", true)]
    [InlineData("0383010000000000000500036C6162656C707274", false)]
    [InlineData("0380010000000000000500026C6162656C7072", true)]
    [InlineData("0300010000000000000500036C6162656C7072", false)]
    [InlineData("030001000000000000020000C328", false)]
    public void Open_is_read_by_the_rfc(string message, bool valid) =>
        Assert.Equal(valid, DataChannelOpen.TryParse(Convert.FromHexString(message), out _));

    public static TheoryData<string, string, bool, uint?, int?> Parameters => new()
    {
        { "label", "", true, null, null },
        { "", "proto", false, null, null },
        { "é", "x", true, 0, null },
        { "l", "x", false, 7, null },
        { "l", "x", true, null, 250 },
        { "l", "x", false, null, 0 },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Open_survives_a_round_trip(string label, string protocol, bool ordered, uint? retransmits, int? lifetime)
    {
        var parameters = new DataChannelParameters
        {
            Label = label,
            Protocol = protocol,
            IsOrdered = ordered,
            MaxRetransmits = retransmits,
            MaxLifetime = lifetime is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            Priority = 513,
        };
        byte[] buffer = new byte[DataChannelOpen.MaxLength];
        int length = DataChannelOpen.Write(parameters, buffer);

        Assert.True(DataChannelOpen.TryParse(buffer.AsSpan(0, length), out DataChannelParameters? read));
        Assert.Equal(parameters, read);
    }

    [Fact]
    public void Open_with_a_text_that_is_too_long_is_refused_on_both_sides()
    {
        byte[] buffer = new byte[2000];
        Assert.Throws<ArgumentException>(() => DataChannelOpen.Write(new DataChannelParameters { Label = new string('x', 257) }, buffer));
        byte[] message = [3, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, .. Encoding.ASCII.GetBytes(new string('x', 257))];
        Assert.False(DataChannelOpen.TryParse(message, out _));
    }

    [Fact]
    public void Cookie_is_read_only_by_who_wrote_it_and_unaltered()
    {
        var cookies = new StateCookie(new SeededEntropy(1));
        var remote = new InitParameters(77, 1234, 5, 6, new Tsn(8), true, false);
        byte[] cookie = new byte[StateCookie.Length];
        cookies.Write(remote, cookie);

        Assert.True(cookies.TryRead(cookie, out InitParameters read));
        Assert.Equal(remote, read);
        Assert.False(new StateCookie(new SeededEntropy(2)).TryRead(cookie, out _));
        for (int i = 0; i < cookie.Length; i++)
        {
            cookie[i] ^= 1;
            Assert.False(cookies.TryRead(cookie, out _));
            cookie[i] ^= 1;
        }
    }

    [Fact]
    public void Received_tsns_agree_with_a_set()
    {
        var random = new Random(5);
        var tsns = new ReceivedTsns(new Tsn(0xFFFF_FF00));
        var model = new HashSet<int>();
        int cumulative = -1;
        for (int i = 0; i < 20_000; i++)
        {
            if (random.Next(200) == 0)
            {
                int skip = cumulative + random.Next(300);
                tsns.SkipTo(new Tsn(0xFFFF_FF00) + skip);
                for (int k = cumulative + 1; k <= skip; k++)
                    model.Add(k);
            }
            int offset = Math.Max(0, cumulative + 1 + random.Next(-20, random.Next(1, 400)));
            Assert.Equal(model.Contains(offset), tsns.Contains(new Tsn(0xFFFF_FF00) + offset));
            if (model.Add(offset))
                tsns.Add(new Tsn(0xFFFF_FF00) + offset);
            while (model.Contains(cumulative + 1))
                cumulative++;
            Assert.Equal(new Tsn(0xFFFF_FF00) + cumulative, tsns.Cumulative);
        }
        AssertGaps(tsns, [.. model.Where(offset => offset > cumulative).Select(offset => offset - cumulative)]);
    }

    private static void AssertGaps(ReceivedTsns tsns, HashSet<int> expected)
    {
        byte[] gaps = new byte[ReceivedTsns.MaxSpan * 4];
        HashSet<int> actual = [];
        int count = tsns.WriteGapBlocks(gaps);
        for (int i = 0; i < count; i++)
        {
            int start = gaps[i * 4] << 8 | gaps[i * 4 + 1], end = gaps[i * 4 + 2] << 8 | gaps[i * 4 + 3];
            actual.UnionWith(Enumerable.Range(start, end - start + 1));
        }
        Assert.Equal(expected.Order(), actual.Order());
    }
}
