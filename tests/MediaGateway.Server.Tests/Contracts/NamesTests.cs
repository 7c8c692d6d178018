using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Tests.Contracts;

public sealed class NamesTests
{
    [Theory]
    [InlineData("stage", true)]
    [InlineData("A-1_b.c~d", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    [InlineData("a\n", false)]
    public void Stream_name_is_made_of_unreserved_characters(string? text, bool valid)
    {
        Assert.Equal(valid, StreamName.TryParse(text, out StreamName name));
        Assert.Equal(valid ? text : null, name.Value);
    }

    [Fact]
    public void Stream_name_has_128_characters_at_most()
    {
        Assert.True(StreamName.TryParse(new string('x', 128), out _));
        Assert.False(StreamName.TryParse(new string('x', 129), out _));
    }

    [Fact]
    public void Session_id_is_128_bits_and_shows_only_its_start()
    {
        SessionId id = SessionId.Create(new CountingEntropy());

        Assert.Equal("AAECAwQFBgcICQoLDA0ODw", id.Value);
        Assert.Equal("AAECAw…", id.ToString());
        Assert.True(SessionId.TryParse(id.Value, out SessionId parsed));
        Assert.Equal(id, parsed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAECAwQFBgcICQoLDA0OD")]
    [InlineData("AAECAwQFBgcICQoLDA0ODwA")]
    [InlineData("AAECAwQFBgcICQoLDA0OD/")]
    [InlineData("AAECAwQFBgcICQoLDA0OD ")]
    public void Session_id_that_is_none_is_refused(string? text) => Assert.False(SessionId.TryParse(text, out _));

    private sealed class CountingEntropy : IEntropy
    {
        public void Fill(Span<byte> destination)
        {
            for (int i = 0; i < destination.Length; i++)
                destination[i] = (byte)i;
        }
    }
}
