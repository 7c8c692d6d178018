using MediaGateway.Rtc.Buffers;

namespace MediaGateway.Sfu.Allocation;

/// <summary>A worker has begun to leave out video, or sends everything again and has done so for a while.</summary>
/// <param name="Worker">Which one; its index within the node.</param>
/// <param name="IsOverloaded">It has begun.</param>
/// <param name="HighestLevel">The most it left out so far, of <see cref="SheddingPlan.MaxLevel"/>.</param>
/// <param name="Lasted">How long it left out something; zero when it begins.</param>
/// <param name="PacketsShed">Packets that it did not send for that.</param>
/// <param name="Load">What it is told of last.</param>
public sealed record OverloadInfo(int Worker, bool IsOverloaded, int HighestLevel, TimeSpan Lasted, long PacketsShed, WorkerLoad Load);
