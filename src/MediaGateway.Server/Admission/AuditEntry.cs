namespace MediaGateway.Server.Admission;

/// <summary>A command that somebody gave.</summary>
internal sealed record AuditEntry(
    long Sequence,
    DateTimeOffset Time,
    TimeSpan Duration,
    string Key,
    string Identity,
    string Method,
    string Request,
    string Result,
    string Message,
    string RequestId);
