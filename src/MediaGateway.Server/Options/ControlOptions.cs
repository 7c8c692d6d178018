using System.ComponentModel.DataAnnotations;

namespace MediaGateway.Server.Options;

/// <summary>The control API.</summary>
internal sealed record ControlOptions
{
    /// <summary>Value of <see cref="Listen"/> for no listener of its own.</summary>
    public const string None = "none";

    /// <summary>
    /// Address and port of gRPC over HTTP/2 without TLS; <c>none</c> for none; empty means the default of the environment
    /// (<see cref="OptionsLoader"/>). gRPC-Web and Connect are served with everything else, at Http:Listen.
    /// </summary>
    public string Listen { get; init; } = "";

    /// <summary>
    /// Address and port of the control API and LiveKit's server API over HTTP/1.1 without TLS; <see cref="None"/> for no such listener.
    /// </summary>
    public string WebListen { get; init; } = None;

    /// <summary>True when the control API and LiveKit's server API are served at Http:Listen too.</summary>
    public bool Public { get; init; } = true;

    /// <summary>Sustained calls from one IPv4 address or IPv6 /64, counted before their tokens are verified.</summary>
    [Range(1, 1_000_000)]
    public int CallsPerSecondPerSource { get; init; } = 1_000;

    /// <summary>Calls one such source may make at once before that rate applies.</summary>
    [Range(1, 1_000_000)]
    public int CallBurstPerSource { get; init; } = 10_000;

    /// <summary>Largest message, bytes.</summary>
    [Range(64 * 1024, 1 << 30)]
    public int MaxMessageBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Sustained calls from one API key.</summary>
    [Range(1, 1_000_000)]
    public int CallsPerSecond { get; init; } = 200;

    /// <summary>Calls one API key may make at once before that rate applies.</summary>
    [Range(1, 1_000_000)]
    public int CallBurst { get; init; } = 1_000;

    /// <summary>Streams of events held open at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxWatchers { get; init; } = 2_000;

    /// <summary>Changes remembered for who comes back, or is slow.</summary>
    [Range(16, 10_000_000)]
    public int EventHistory { get; init; } = 10_000;

    /// <summary>A file that every command is appended to, one JSON object a line; empty for none.</summary>
    public string AuditFile { get; init; } = "";
}
