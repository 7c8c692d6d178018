using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>A live stream at one moment, safe to hand to other threads.</summary>
public sealed record LiveStreamSnapshot
{
    public required string Name { get; init; }

    /// <summary>True when anything is on air.</summary>
    public required bool IsLive { get; init; }

    /// <summary>Number of viewers, connected or connecting, without those of single sources.</summary>
    public required int ViewerCount { get; init; }

    /// <summary>
    /// The codecs that may come, as their publishers negotiated them: those on air first, then those of the other sources.
    /// </summary>
    public required ImmutableArray<RtpCodec> Codecs { get; init; }

    /// <summary>Sources in the order in which they take over from one another; the stream's own publisher is the first.</summary>
    public required ImmutableArray<SourceInfo> Sources { get; init; }

    /// <summary>The id of the source on air; empty when there is none.</summary>
    public required string Program { get; init; }

    /// <summary>The id of the source that a cut takes on air; empty when there is none.</summary>
    public required string Preview { get; init; }

    /// <summary>The id of the source that goes on air at its next key frame; empty when none does.</summary>
    public required string Pending { get; init; }

    /// <summary>The id of the source of the sound; empty when it follows the program.</summary>
    public required string Audio { get; init; }

    /// <summary>True when the next live source takes over when the one on air dies.</summary>
    public required bool Failover { get; init; }

    /// <summary>True when the stream stays without publisher and viewers.</summary>
    public required bool IsKept { get; init; }

    public required string Metadata { get; init; }

    /// <summary>Unix time at which the program changed last, milliseconds; 0 when it never has.</summary>
    public required long ProgramSince { get; init; }

    /// <summary>Number of changes of the program.</summary>
    public required long CutCount { get; init; }

    /// <summary>Time from the decision for the last change of the program to its key frame; null when it waited for none.</summary>
    public TimeSpan? LastCutTook { get; init; }

    /// <summary>True when the stream has ended.</summary>
    public required bool IsEnded { get; init; }
}
