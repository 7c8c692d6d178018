using System.Collections.Immutable;
using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Testing.Network;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>A sender, its path and its receiver, as an <see cref="EstimatorLoop"/> has them.</summary>
internal sealed record LoopOptions
{
    /// <summary>Sound and three encodings of a camera, on the wire: nothing but sound, 0.15, 0.5 and 1.7 Mb/s of picture.</summary>
    public static readonly ImmutableArray<LoopStep> Camera =
        [new(0.062, 0), new(0.23, 8_000), new(0.6, 25_000), new(1.87, 90_000)];

    /// <summary>Steps that can be sent, from the least to the most.</summary>
    public ImmutableArray<LoopStep> Steps { get; init; } = Camera;

    /// <summary>True for a sender that sends what the estimate says, up to its greatest step, instead of in steps.</summary>
    public bool IsElastic { get; init; }

    public EstimatorOptions Estimator { get; init; } = EstimatorOptions.Default;

    /// <summary>The wire behind the bottleneck.</summary>
    public LinkConditions Wire { get; init; } = new() { Delay = TimeSpan.FromMilliseconds(25) };

    /// <summary>Delay of the way back.</summary>
    public TimeSpan BackDelay { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Time between reports: 62 ms for Chromium, 51 for Firefox, at most 250.</summary>
    public TimeSpan FeedbackInterval { get; init; } = TimeSpan.FromMilliseconds(62);

    /// <summary>Part of the reports that is lost, at a time since the start.</summary>
    public Func<TimeSpan, double> FeedbackLoss { get; init; } = static _ => 0;

    /// <summary>Part of the time in which the receiver gets no processor, in stalls of 50 to 200 ms.</summary>
    public double Stalled { get; init; }

    /// <summary>Speed of the receiver's clock.</summary>
    public double ClockSpeed { get; init; } = 1;

    /// <summary>False where nothing can carry filler.</summary>
    public bool HasFiller { get; init; } = true;

}
