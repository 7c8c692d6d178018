using System.Net;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MediaGateway.Platform.Dtls;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Transport;
using MediaGateway.Server.Node;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Testing.Loopback;
using MediaGateway.V1;
using Microsoft.Extensions.DependencyInjection;

namespace MediaGateway.Server.Tests.Media;

/// <summary>The whole server with two workers, real media, and a stream that one of them is not to carry alone.</summary>
public sealed class RelayedViewersTests : IAsyncLifetime, IDisposable
{
    private const string Stream = "stage";

    private readonly OpenSslDtlsContext _dtls = new(DtlsCertificate.CreateSelfSigned(TimeProvider.System));
    private readonly List<HttpPeer> _peers = [];
    private ControlGateway _gateway = null!;
    private HttpPeer _publisher = null!;
    private long _number;

    public async Task InitializeAsync()
    {
        _gateway =
            await ControlGateway.StartAsync(("Media:Workers", "2"), ("Media:ViewersPerWorker", "2"), ("Limits:MaxViewersPerStream", "5"));
        _publisher = await HttpPeer.PublishAsync(_gateway.Web, _dtls, Stream);
        _peers.Add(_publisher);
        RunUntil(() => _publisher.Media.IsConnected);
    }

    public async Task DisposeAsync()
    {
        foreach (HttpPeer peer in _peers)
            peer.Dispose();
        await _gateway.DisposeAsync();
    }

    public void Dispose() => _dtls.Dispose();

    [Fact]
    public async Task Viewers_beyond_the_limit_are_on_another_worker_and_see_the_same()
    {
        HttpPeer[] viewers = [await WatchAsync(), await WatchAsync(), await WatchAsync(), await WatchAsync(), await WatchAsync()];
        SendUntil(() => viewers.All(viewer => viewer.Media.PacketsReceived >= 200));

        Assert.Equal([true, true, false, false], viewers.Take(4).Select(viewer => viewer.Media.Gateway == _publisher.Media.Gateway));
        Assert.Equal(2, viewers.Select(viewer => viewer.Media.Gateway).Distinct().Count());
        Assert.All(viewers, viewer => Assert.Equal(0, viewer.Media.PacketsWrong));
        Assert.All(viewers, viewer =>
            Assert.Equal(viewer.Media.HighestNumber - viewer.Media.FirstNumber + 1, viewer.Media.PacketsReceived));
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => WatchAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal.StatusCode);
    }

    [Fact]
    public async Task Stream_is_told_and_measured_with_all_its_viewers()
    {
        HttpPeer[] viewers = [await WatchAsync(), await WatchAsync(), await WatchAsync()];
        SendUntil(() => viewers.All(viewer => viewer.Media.PacketsReceived >= 50));

        await UntilViewersAsync(3);
        using AsyncServerStreamingCall<WatchStatsResponse> watch = _gateway.Stats.WatchStats(
            new WatchStatsRequest
            { Interval = Duration.FromTimeSpan(TimeSpan.FromSeconds(0.5)), LiveStreams = { Stream } }, ControlGateway.Admin);
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        LiveStreamStats stats = watch.ResponseStream.Current.LiveStreams.Single();
        Assert.Equal(3, stats.ViewerCount);
        Assert.InRange(stats.PacketsSent, 150, long.MaxValue);
        Assert.Equal(3, stats.LayerViewers.Sum(layer => layer.ViewerCount));
        Assert.Equal(3, stats.Lines.Feedback.Sum(feedback => feedback.ViewerCount));
        ListWorkersResponse workers = await _gateway.Node.ListWorkersAsync(new ListWorkersRequest(), ControlGateway.Admin);
        Assert.Equal([1, 3], workers.Workers.Select(worker => worker.PeerCount).Order());
    }

    [Fact]
    public async Task Viewers_who_are_not_sent_all_are_counted_by_the_cause_on_all_workers()
    {
        HttpPeer[] viewers = [await WatchAsync("?quality=low"), await WatchAsync(), await WatchAsync("?quality=medium")];
        SendUntil(() => viewers.All(viewer => viewer.Media.PacketsReceived >= 50));
        Assert.Equal([(LimitCause.Wish, 2)], await LimitedAsync());

        // The wish is as low as what overload leaves before it pauses all of a viewer's video; then overload is the cause.
        await UntilAsync(async () =>
        {
            foreach (WorkerHandle worker in _gateway.Services.GetRequiredService<WorkerPool>().Workers)
            {
                await worker.InvokeAsync((media, now) =>
                {
                    for (int i = 0; i < 2; i++)
                        media.OnLoad(new WorkerLoad(1, 1, TimeSpan.FromSeconds(1), 1), now);
                    return media.SheddingLevel;
                });
            }
            return (await LimitedAsync()).SequenceEqual([(LimitCause.Overload, 3)]);
        });
    }

    [Fact]
    public async Task Session_is_changed_and_ended_where_its_viewer_is()
    {
        await WatchAsync();
        await WatchAsync();
        HttpPeer away = await WatchAsync();
        SendUntil(() => away.Media.PacketsReceived > 0);
        using HttpResponseMessage restarted = await _gateway.Web.SendAsync(
            TestGateway.Patch(away.Resource, TestGateway.Token(Stream), "*", "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"));
        Assert.Equal(HttpStatusCode.OK, restarted.StatusCode);
        Assert.Contains($" {away.Media.Gateway.Port} typ host", await restarted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await UntilViewersAsync(3);

        using HttpResponseMessage deleted = await _gateway.Web.SendAsync(TestGateway.Delete(away.Resource, TestGateway.Token(Stream)));
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        await UntilViewersAsync(2);
        RunUntil(() => away.Media.Transport.State == PeerTransportState.Closed);
        // Its place is free again.
        Assert.NotEqual(_publisher.Media.Gateway, (await WatchAsync()).Media.Gateway);
        await UntilViewersAsync(3);
    }

    [Fact]
    public async Task Deleted_stream_and_a_drain_send_viewers_of_all_workers_away()
    {
        HttpPeer[] viewers = [await WatchAsync(), await WatchAsync(), await WatchAsync()];
        SendUntil(() => viewers.All(viewer => viewer.Media.PacketsReceived > 0));
        await _gateway.LiveStreams.DeleteLiveStreamAsync(new DeleteLiveStreamRequest { Name = Stream }, ControlGateway.Admin);
        RunUntil(() => viewers.All(viewer => viewer.Media.Transport.State == PeerTransportState.Closed));
        await UntilAsync(async () =>
            (await _gateway.LiveStreams.ListLiveStreamsAsync(new ListLiveStreamsRequest(), ControlGateway.Admin)).LiveStreams.Count == 0);

        HttpPeer[] later = [await WatchAsync(), await WatchAsync(), await WatchAsync()];
        RunUntil(() => later.All(viewer => viewer.Media.IsConnected));
        Task stopping = _gateway.StopAsync();
        RunUntil(() => later.All(viewer => viewer.Media.Transport.State == PeerTransportState.Closed));
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Viewers_of_a_source_stay_with_the_stream()
    {
        await WatchAsync();
        await WatchAsync();
        Assert.NotEqual(_publisher.Media.Gateway, (await WatchAsync()).Media.Gateway);
        Assert.Equal(_publisher.Media.Gateway, (await WatchAsync("?source=publisher")).Media.Gateway);
    }

    private async Task<(LimitCause Cause, int Viewers)[]> LimitedAsync()
    {
        using AsyncServerStreamingCall<WatchStatsResponse> watch =
            _gateway.Stats.WatchStats(new WatchStatsRequest { LiveStreams = { Stream } }, ControlGateway.Admin);
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        return [.. watch.ResponseStream.Current.LiveStreams.Single().LimitedViewers
            .Select(limited => (limited.Cause, limited.ViewerCount))];
    }

    private async Task<HttpPeer> WatchAsync(string query = "")
    {
        HttpPeer viewer = await HttpPeer.WatchAsync(_gateway.Web, _dtls, Stream, query);
        _peers.Add(viewer);
        return viewer;
    }

    private void RunUntil(Func<bool> condition) => LoopbackPeer.RunUntil(condition, _peers.Select(peer => peer.Media));

    /// <summary>A packet a millisecond or so.</summary>
    private void SendUntil(Func<bool> condition)
    {
        var next = System.Diagnostics.Stopwatch.StartNew();
        RunUntil(() =>
        {
            if (next.ElapsedMilliseconds > 0 && _publisher.Media.TryWriteFrame(_number))
            {
                _number++;
                next.Restart();
            }
            return condition();
        });
    }

    private Task UntilViewersAsync(int count) => UntilAsync(async () =>
        (await _gateway.LiveStreams.GetLiveStreamAsync(new GetLiveStreamRequest { Name = Stream }, ControlGateway.Admin))
        .LiveStream.ViewerCount == count);

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var start = System.Diagnostics.Stopwatch.StartNew(); !await condition();)
        {
            Assert.True(start.Elapsed < TimeSpan.FromSeconds(20), "The condition did not come to hold in time.");
            foreach (HttpPeer peer in _peers)
                peer.Media.Turn();
        }
    }
}
