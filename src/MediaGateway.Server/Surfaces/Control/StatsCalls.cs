using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.V1;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>mediagateway.v1.StatsService.</summary>
internal sealed class StatsCalls(
    TrackOperations tracks, LiveStreamMeter meter, NodeDescriber describer, WatcherCount watchers, Readiness readiness,
    ControlOptions options, TimeProvider clock) : StatsService.StatsServiceBase
{
    private const int MaxNames = 100;

    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromMinutes(1);

    public override async Task WatchStats(WatchStatsRequest request, IServerStreamWriter<WatchStatsResponse> responseStream,
        ServerCallContext context)
    {
        Caller caller = context.GetCaller();
        TimeSpan interval = Check(request);
        using IDisposable place = watchers.Enter(options.MaxWatchers);
        using var watch = new WatchLifetime(caller, readiness, clock, context.CancellationToken);
        await watch.RunAsync(async () =>
        {
            using var timer = new PeriodicTimer(interval, clock);
            do
            {
                foreach (WatchStatsResponse part in StatsParts.Of(await ReportAsync(request)))
                    await watch.WriteAsync(responseStream, part);
            }
            while (await timer.WaitForNextTickAsync(watch.Ended));
        });
    }

    private TimeSpan Check(WatchStatsRequest request)
    {
        TimeSpan interval = ControlChecks.Timeout(request.Interval, "interval") ?? DefaultInterval;
        if (interval < MinInterval || interval > MaxInterval)
            throw Refusal.Invalid("interval", "interval is half a second to a minute.");
        if (request.Rooms.Count + request.LiveStreams.Count > MaxNames)
            throw Refusal.Invalid($"A report names {MaxNames} rooms and streams at most.");
        describer.RequireThis(request.Node);
        return interval;
    }

    private async Task<WatchStatsResponse> ReportAsync(WatchStatsRequest request)
    {
        RoomStats?[] rooms = await Task.WhenAll(request.Rooms.Distinct().Select(name => RoomAsync(name, request.LinesOnly)));
        LiveStreamStats?[] streams = await Task.WhenAll(request.LiveStreams.Distinct().Select(StreamAsync));
        bool isForNode = request.IncludeNode || request.Rooms.Count + request.LiveStreams.Count == 0;
        return new WatchStatsResponse
        {
            Time = Timestamp.FromDateTimeOffset(clock.GetUtcNow()),
            Rooms = { rooms.OfType<RoomStats>() },
            LiveStreams = { streams.OfType<LiveStreamStats>() },
            Node = isForNode ? describer.Node() : null,
            Workers = { isForNode ? await describer.WorkersAsync() : [] },
        };
    }

    private async Task<RoomStats?> RoomAsync(string name, bool linesOnly) =>
        await tracks.MeasureRoomAsync(name, linesOnly) is not { } measured ? null : new RoomStats
        {
            Name = name,
            Publications = { measured.Publications.Select(ControlModels.Of) },
            Subscriptions = { measured.Subscriptions.Select(ControlModels.Of) },
            Lines = { measured.Lines.Select(LineModels.Of) },
        };

    private async Task<LiveStreamStats?> StreamAsync(string name) =>
        await meter.MeasureAsync(name) is { } measured ? StreamModels.Of(measured) : null;
}
