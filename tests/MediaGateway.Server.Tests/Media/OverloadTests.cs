using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Node;
using MediaGateway.Server.Telemetry;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Sfu.Workers;
using MediaGateway.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaGateway.Server.Tests.Media;

/// <summary>Tests of what an operator learns about an overloaded worker.</summary>
public sealed class OverloadTests
{
    [Fact]
    public async Task Overload_and_its_end_are_logged_once_measured_by_worker_and_told_to_the_control_api()
    {
        using var logs = new RecordingLogs();
        await using ControlGateway gateway = await ControlGateway.StartAsync(logs, ("Media:Workers", "2"));
        WorkerHandle worker = gateway.Services.GetRequiredService<WorkerPool>().Workers[1];

        // Nothing is there to be left out, so the last level comes at once; and goes by itself about a second later.
        List<string> measured = await worker.InvokeAsync((media, now) =>
        {
            Overload(media, now);
            return Measure(gateway);
        });
        Assert.Contains("mediagateway.worker.shedding 0 worker=0", measured);
        Assert.Contains("mediagateway.worker.shedding 23 worker=1", measured);
        Assert.Equal(
            (LogLevel.Warning, "Media worker 1 has more to do than it has time for (busy for 100 % of the time, behind by 1000 ms, 1 "
                + "datagrams lost), and leaves out video from level 23 of 23 on"), await logs.NextAsync(111));
        int told = 0;
        for (int i = 0; i < 20 && told == 0; i++)
        {
            await worker.InvokeAsync(Overload);
            told = (await gateway.Node.ListWorkersAsync(new ListWorkersRequest(), ControlGateway.Admin)).Workers[1].SheddingLevel;
        }
        Assert.Equal(23, told);

        await worker.InvokeAsync((media, now) =>
        {
            for (int i = 1; i < 150; i++)
                media.OnLoad(new WorkerLoad(0.1, 0.1, TimeSpan.Zero, 0), now + TimeSpan.FromMilliseconds(100 * i));
            return media.SheddingLevel;
        });
        (LogLevel level, string message) = await logs.NextAsync(112);
        Assert.Equal(LogLevel.Information, level);
        Assert.Matches("^Media worker 1 sends everything again: for [0-9.]+ s it left out 0 packets, at most by level 23 of 23$", message);
        Assert.Contains("mediagateway.worker.shedding 0 worker=1", Measure(gateway));
    }

    [Fact]
    public async Task Load_delay_and_losses_are_measured_by_worker()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        string[] measured = [.. Measure(gateway)];
        Assert.All(
            ["mediagateway.worker.load", "mediagateway.worker.delay", "mediagateway.worker.shedding", "mediagateway.datagrams.lost"],
            name => Assert.Contains(measured, line => line.StartsWith($"{name} ", StringComparison.Ordinal)
                && line.EndsWith(" worker=0", StringComparison.Ordinal)));
    }

    private static int Overload(MediaWorker media, MonotonicTime now)
    {
        for (int i = 0; i < 2; i++)
            media.OnLoad(new WorkerLoad(1, 1, TimeSpan.FromSeconds(1), 1), now);
        return media.SheddingLevel;
    }

    private static List<string> Measure(ControlGateway gateway)
    {
        ConcurrentQueue<string> measurements = [];
        IMeterFactory factory = gateway.Services.GetRequiredService<IMeterFactory>();
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == TelemetryNames.Meter && instrument.Meter.Scope == factory)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        void Record<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            measurements.Enqueue($"{instrument.Name} {value}" + (tags.Length > 0 ? $" {tags[0].Key}={tags[0].Value}" : ""));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. measurements];
    }
}
