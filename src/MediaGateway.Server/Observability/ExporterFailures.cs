using System.Diagnostics.Tracing;
using System.Globalization;
using MediaGateway.Server.Background;

namespace MediaGateway.Server.Observability;

/// <summary>Reports what exporters of metrics and traces fail at: the SDK tells it to listeners of its event source alone.</summary>
internal sealed class ExporterFailures : EventListener
{
    public const string TaskName = "export of telemetry";

    private const string Source = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

    /// <summary>Runner that takes the reports; null while the base class's constructor runs.</summary>
    private readonly Supervisor? _supervisor;

    public ExporterFailures(Supervisor supervisor) => _supervisor = supervisor;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source)
            EnableEvents(eventSource, EventLevel.Warning);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData) => _supervisor?.Report(TaskName, new IOException(
        string.Format(CultureInfo.InvariantCulture, eventData.Message ?? eventData.EventName ?? "", [.. eventData.Payload ?? []])));
}
