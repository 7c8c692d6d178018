namespace MediaGateway.Server.Options;

/// <summary>How the process ends.</summary>
internal sealed record StopOptions
{
    /// <summary>Time from SIGTERM to the end of the last session, seconds.</summary>
    public int GraceSeconds { get; init; } = 20;
}
