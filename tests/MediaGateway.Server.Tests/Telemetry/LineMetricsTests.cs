using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MediaGateway.Server.Observability;
using MediaGateway.Server.Telemetry;
using MediaGateway.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MediaGateway.Server.Tests.Telemetry;

/// <summary>Tests of what an operator measures of receivers' lines.</summary>
public sealed class LineMetricsTests
{
    [Fact]
    public async Task Lines_are_measured_by_feedback_and_videos_by_cause_and_never_one_by_one()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        IMeterFactory factory = gateway.Services.GetRequiredService<IMeterFactory>();
        ConcurrentQueue<string> measured = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == TelemetryNames.Meter && instrument.Meter.Scope == factory)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        void Record<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            measured.Enqueue($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}");
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Equal(["none", "receiver-reports", "remb", "transport-wide"], LabelsOf("mediagateway.lines"));
        foreach (string instrument in (string[])["mediagateway.videos.limited", "mediagateway.videos.paused"])
            Assert.Equal(["bandwidth", "director", "overload", "wish"], LabelsOf(instrument));
        Assert.Contains("mediagateway.lines.congested 0 ", measured);
        Assert.Contains("mediagateway.filler.sent 0 ", measured);

        IEnumerable<string> LabelsOf(string instrument) => measured
            .Where(line => line.StartsWith(instrument + " ", StringComparison.Ordinal))
            .Select(line => line.Split('=')[1])
            .Order();
    }

    [Fact]
    public void Histogram_has_what_workers_have_counted_since_it_was_read_last()
    {
        using var meter = new Meter("test");
        Histogram<double> histogram = meter.CreateHistogram<double>("sizes");
        List<(double Value, object? Worker)> recorded = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (instrument == histogram)
                recorded.Add((value, tags[0].Value));
        });
        long[][] counts = [[0, 2, 0], [1, 0, 1]];
        var counted = new CountedHistogram(histogram, [10, 20], (worker, bucket) => counts[worker][bucket]);

        counted.Record(workers: 2);
        Assert.Empty(recorded);

        listener.Start();
        counted.Record(workers: 2);
        counts[0][1]++;
        counted.Record(workers: 2);
        counted.Record(workers: 2);

        Assert.Equal([(15, 0), (15, 0), (5, 1), (30, 1), (15, 0)], recorded);
    }
}
