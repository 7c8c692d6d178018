using MediaGateway.Server.Contracts;
using MediaGateway.Server.Hosting;
using MediaGateway.Server.Options;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Hosting;

public sealed class DevelopmentBannerTests
{
    [Fact]
    public void Banner_shows_the_page_and_the_well_known_key()
    {
        string banner = Write(DevelopmentKey.AsKeys);

        Assert.Contains("http://127.0.0.1:7880/", banner, StringComparison.Ordinal);
        Assert.Contains(DevelopmentKey.Name, banner, StringComparison.Ordinal);
        Assert.Contains(DevelopmentKey.Text, banner, StringComparison.Ordinal);
        Assert.Contains("not for production", banner, StringComparison.Ordinal);
    }

    [Fact]
    public void Banner_keeps_a_configured_secret_to_itself()
    {
        string banner = Write(new Dictionary<string, Secret> { [TestGateway.Key] = new(TestGateway.Secret) });

        Assert.Contains(TestGateway.Key, banner, StringComparison.Ordinal);
        Assert.DoesNotContain(TestGateway.Secret, banner, StringComparison.Ordinal);
    }

    private static string Write(IReadOnlyDictionary<string, Secret> keys)
    {
        using StringWriter output = new();
        DevelopmentBanner.Write(output, ["http://127.0.0.1:7880"], new GatewayOptions { Auth = new AuthOptions { Keys = keys } });
        return output.ToString();
    }
}
