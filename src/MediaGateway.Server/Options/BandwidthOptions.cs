using System.ComponentModel.DataAnnotations;

namespace MediaGateway.Server.Options;

/// <summary>The lines to viewers and participants: whether the gateway estimates what they carry, and what is sent at most.</summary>
internal sealed record BandwidthOptions
{
    /// <summary>True when the gateway estimates what each line carries, and sends what fits.</summary>
    public bool Enabled { get; init; }

    /// <summary>Most that one viewer or participant is sent, bit/s on the wire; 0 for no such cap.</summary>
    [Range(0, 1_000_000_000)]
    public int MaxPerViewer { get; init; }

    /// <summary>True when video may be paused whose lowest layer a line does not carry beside the sound.</summary>
    public bool AllowPause { get; init; } = true;

    /// <summary>Rate that a line is taken to carry before anything is known of it, bit/s on the wire.</summary>
    [Range(100_000, 1_000_000_000)]
    public int Initial { get; init; } = 1_000_000;
}
