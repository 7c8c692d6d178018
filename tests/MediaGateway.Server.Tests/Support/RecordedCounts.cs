using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace MediaGateway.Server.Tests.Support;

/// <summary>Sums of what is added to the counters of one meter factory.</summary>
internal sealed class RecordedCounts : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _sums = new(StringComparer.Ordinal);
    private readonly MeterListener _listener;

    public RecordedCounts(IMeterFactory factory)
    {
        Factory = factory;
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == factory && instrument is Counter<long>)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
        {
            string name = instrument.Name;
            foreach ((string _, object? value) in tags)
                name += $" {value}";
            _sums.AddOrUpdate(name, count, (_, before) => before + count);
        });
        _listener.Start();
    }

    public IMeterFactory Factory { get; }

    /// <summary>The sum of a counter; its name is followed by the values of its labels.</summary>
    public long this[string name] => _sums.GetValueOrDefault(name);

    /// <summary>Makes one with a factory that nothing else uses.</summary>
    public static RecordedCounts Create() =>
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    public void Dispose() => _listener.Dispose();
}
