using System.Net;
using MediaGateway.Server.Http;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Hosting;

public sealed class RequestRateLimitsTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("::1", "::")]
    public void Source_is_an_ipv4_address_or_an_ipv6_network(string address, string source)
        => Assert.Equal(IPAddress.Parse(source), RequestSource.Of(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.0.0.0/8", false)]
    public async Task Clients_behind_a_proxy_have_a_bucket_each_if_the_proxy_is_trusted(string proxy, bool trusted)
    {
        await using TestGateway gateway = await TestGateway.StartAsync(
            ("Http:TrustedProxies:0", proxy), ("Limits:HttpBurstPerSource", "2"), ("Limits:HttpRequestsPerSecondPerSource", "1"));
        List<HttpStatusCode> statuses = [];
        for (int client = 1; client <= 20; client++)
        {
            HttpRequestMessage request = TestGateway.Post("/whip/stage", null);
            request.Headers.Add("X-Forwarded-For", $"198.51.100.{client}");
            using HttpResponseMessage response = await gateway.Client.SendAsync(request);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal(!trusted, statuses.Contains(HttpStatusCode.TooManyRequests));
    }
}
