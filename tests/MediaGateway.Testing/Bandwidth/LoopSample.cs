namespace MediaGateway.Testing.Bandwidth;

/// <summary>The estimator at a time.</summary>
/// <param name="Seconds">Time since the loop began.</param>
/// <param name="Megabits">The estimate.</param>
/// <param name="Step">The step that is sent.</param>
/// <param name="QueueMilliseconds">The queue that it sees.</param>
/// <param name="IsCongested">True while it drains a queue.</param>
internal sealed record LoopSample(double Seconds, double Megabits, int Step, double QueueMilliseconds, bool IsCongested);
