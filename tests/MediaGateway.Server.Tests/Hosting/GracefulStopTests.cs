using System.Net;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Hosting;

public sealed class GracefulStopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Draining_gateway_refuses_new_sessions_and_still_ends_old_ones()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        using HttpResponseMessage opened = await gateway.PublishAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, "/readyz"));
        TaskCompletionSource lastPeerLeft = new();
        gateway.Streams.DrainUntil = lastPeerLeft.Task;

        Task stopping = gateway.App.StopAsync();
        await gateway.Streams.DrainStarted.WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(gateway, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, "/healthz"));
        using HttpResponseMessage refused = await gateway.WatchAsync();
        await refused.AssertProblemAsync(HttpStatusCode.ServiceUnavailable, "draining");
        Assert.NotNull(refused.Headers.RetryAfter);
        using HttpResponseMessage ended = await gateway.Client.SendAsync(TestGateway.Delete(opened.Headers.Location, TestGateway.Token()));
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.False(stopping.IsCompleted);

        lastPeerLeft.SetResult();
        await stopping.WaitAsync(Patience);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => StatusAsync(gateway, "/healthz"));
    }

    [Fact]
    public async Task Peers_that_never_leave_do_not_outlast_the_grace_period()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(("Stop:GraceSeconds", "0"));
        gateway.Streams.DrainUntil = new TaskCompletionSource().Task;

        await gateway.App.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Node_whose_workers_are_down_is_not_ready()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        gateway.Streams.IsAccepting = false;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(gateway, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, "/healthz"));
    }

    /// <summary>The status of a path, which is the same for a monitor that asks by HEAD.</summary>
    private static async Task<HttpStatusCode> StatusAsync(TestGateway gateway, string path)
    {
        using HttpResponseMessage response = await gateway.Client.GetAsync(new Uri(path, UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(path, UriKind.Relative));
        using HttpResponseMessage head = await gateway.Client.SendAsync(request);
        Assert.Equal(response.StatusCode, head.StatusCode);
        return response.StatusCode;
    }
}
