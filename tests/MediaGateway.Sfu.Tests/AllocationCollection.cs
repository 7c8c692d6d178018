namespace MediaGateway.Sfu.Tests;

/// <summary>
/// Tests that count a thread's allocations over seconds of media. They run alone: beside others on a busy machine one of
/// them has counted 3,512 bytes once, where it counts none by itself.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AllocationCollection
{
    public const string Name = "Allocations";
}
