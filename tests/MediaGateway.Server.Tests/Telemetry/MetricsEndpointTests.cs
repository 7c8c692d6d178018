using System.Net;
using MediaGateway.Server.Observability;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Telemetry;

/// <summary>Tests of who is shown the metrics, and of what is in them.</summary>
public sealed class MetricsEndpointTests
{
    [Fact]
    public async Task Metrics_are_not_served_outside_development_unless_they_have_a_listener()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();

        using HttpResponseMessage refused = await gateway.Client.GetAsync(MetricsEndpoint.Path);

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Metrics_are_served_by_the_page_in_development()
    {
        await using TestGateway gateway = await TestGateway.StartAsync("Development");

        Assert.Contains("mediagateway_viewers", await gateway.Client.GetStringAsync(MetricsEndpoint.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_listener_serves_metrics_and_nothing_else_and_the_others_serve_none()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(("Metrics:Listen", "127.0.0.1:0"));
        using HttpClient metrics = new() { BaseAddress = new Uri(gateway.App.Urls.Last()) };
        using HttpResponseMessage watched = await gateway.WatchAsync();

        // A request is measured after its answer has been sent, and a scrape may be served from memory for a moment.
        string text = "";
        for (int attempt = 0; attempt < 100 && !text.Contains("http_server_request_duration", StringComparison.Ordinal); attempt++)
        {
            text = await metrics.GetStringAsync(MetricsEndpoint.Path);
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
        using HttpResponseMessage page = await metrics.GetAsync("/");
        using HttpResponseMessage health = await metrics.GetAsync("/healthz");
        using HttpResponseMessage elsewhere = await gateway.Client.GetAsync(MetricsEndpoint.Path);

        Assert.Matches("mediagateway_sessions_opened_total\\{.*kind=\"whep\".*\\} 1", text);
        Assert.Contains("# TYPE http_server_request_duration_seconds histogram", text, StringComparison.Ordinal);
        Assert.Contains("process_cpu_time_seconds_total", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes", text, StringComparison.Ordinal);
        Assert.All([page, health, elsewhere], response => Assert.Equal(HttpStatusCode.NotFound, response.StatusCode));
    }
}
