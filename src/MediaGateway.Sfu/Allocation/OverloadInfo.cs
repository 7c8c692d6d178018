using MediaGateway.Rtc.Buffers;

namespace MediaGateway.Sfu.Allocation;

/// <summary>A worker has begun to leave out video, or sends everything again and has done so for a while.</summary>
/// <param name="Worker">The worker's index within the node.</param>
/// <param name="IsOverloaded">Whether it has begun; false when it is over.</param>
/// <param name="HighestLevel">The highest level so far, of <see cref="SheddingPlan.MaxLevel"/>.</param>
/// <param name="Lasted">How long the worker left out something; zero when it begins.</param>
/// <param name="PacketsShed">Number of packets that it did not send for that reason.</param>
/// <param name="Load">The newest sample of the load.</param>
public sealed record OverloadInfo(int Worker, bool IsOverloaded, int HighestLevel, TimeSpan Lasted, long PacketsShed, WorkerLoad Load);
