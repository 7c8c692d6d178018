using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using MediaGateway.Server.Telemetry;
using MediaGateway.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace MediaGateway.Server.Tests.Telemetry;

public sealed class TelemetryTests
{
    [Theory]
    [InlineData("192.0.2.77", "192.0.2.*")]
    [InlineData("::ffff:192.0.2.77", "192.0.2.*")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48")]
    [InlineData(null, "unknown")]
    public void Address_is_logged_as_its_network(string? address, string logged)
        => Assert.Equal(logged, new RedactedAddress(address is null ? null : IPAddress.Parse(address)).ToString());

    [Fact]
    public void Log_line_has_our_scopes_and_cannot_be_broken_by_its_message()
    {
        LoggerExternalScopeProvider scopes = new();
        using IDisposable request = scopes.Push("RequestPath:/whip/sessions/AAECAwQFBgcICQoLDA0ODw");
        using IDisposable stream = scopes.Push("[stream stage]");
        using StringWriter output = new();

        new LineConsoleFormatter(new FixedClock()).Write(
            new LogEntry<string>(LogLevel.Warning, "category", default, "one\nFAKE LINE", null, (state, _) => state), scopes, output);

        Assert.Equal("2026-11-22T12:00:00.000Z WRN [stream stage] one FAKE LINE" + Environment.NewLine, output.ToString());
    }

    [Theory]
    [InlineData(null, "line")]
    [InlineData("json", "json")]
    public async Task Console_writes_our_lines_unless_told_otherwise(string? configured, string formatter)
    {
        await using TestGateway gateway = configured is null
            ? await TestGateway.StartAsync()
            : await TestGateway.StartAsync(("Logging:Console:FormatterName", configured));

        Assert.Equal(formatter,
            gateway.App.Services.GetRequiredService<IOptionsMonitor<ConsoleLoggerOptions>>().CurrentValue.FormatterName);
        Assert.Contains(gateway.App.Services.GetServices<ConsoleFormatter>(), offered => offered.Name == formatter);
    }

    [Fact]
    public async Task Sessions_and_refusals_are_counted_by_kind_and_code()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        ConcurrentQueue<string> measurements = [];
        using MeterListener listener = Listen(gateway, measurements);

        using HttpResponseMessage published = await gateway.PublishAsync();
        using HttpResponseMessage watched = await gateway.WatchAsync();
        using HttpResponseMessage refused = await gateway.Client.SendAsync(TestGateway.Post("/whip/stage", null));
        listener.RecordObservableInstruments();
        using HttpResponseMessage deleted =
            await gateway.Client.SendAsync(TestGateway.Delete(watched.Headers.Location, TestGateway.Token()));

        Assert.Equal(
            [
                "mediagateway.sessions.opened 1 kind=whip",
                "mediagateway.sessions.opened 1 kind=whep",
                "mediagateway.requests.refused 1 code=token_missing",
                "mediagateway.streams.live 1",
                "mediagateway.viewers 1",
                "mediagateway.rooms 0",
                "mediagateway.participants 0",
                "mediagateway.sessions.deleted 1 kind=whep",
            ],
            measurements);
    }

    /// <summary>Listens to the meter of this one gateway: other tests run at the same time.</summary>
    private static MeterListener Listen(TestGateway gateway, ConcurrentQueue<string> measurements)
    {
        IMeterFactory factory = gateway.App.Services.GetRequiredService<IMeterFactory>();
        MeterListener listener = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == TelemetryNames.Meter && instrument.Meter.Scope == factory)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        void Record(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
            => measurements.Enqueue($"{instrument.Name} {value}" + (tags.Length > 0 ? $" {tags[0].Key}={tags[0].Value}" : ""));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();
        return listener;
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    }
}
