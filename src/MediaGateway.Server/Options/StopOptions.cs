using System.ComponentModel.DataAnnotations;

namespace MediaGateway.Server.Options;

/// <summary>The end of the process.</summary>
internal sealed record StopOptions
{
    /// <summary>Time from SIGTERM to the end of the last session, seconds.</summary>
    [Range(0, 3600)]
    public int GraceSeconds { get; init; } = 20;
}
