using System.Text.Json;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.Tests.Contracts;

public sealed class SecretTests
{
    private const string Text = "nobody-may-see-this";

    [Fact]
    public void Secret_prints_only_that_it_is_set()
    {
        Assert.Equal(("(set)", ""), ($"{new Secret(Text)}", $"{Secret.None}"));
        Assert.Equal(Text, new Secret(Text).Reveal());
    }

    [Fact]
    public void Options_with_a_secret_do_not_give_it_away()
    {
        var server = new IceServerOptions { Credential = new Secret(Text) };

        Assert.DoesNotContain(Text, server.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Text, JsonSerializer.Serialize(server), StringComparison.Ordinal);
    }
}
