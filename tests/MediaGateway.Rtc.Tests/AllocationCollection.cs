namespace MediaGateway.Rtc.Tests;

/// <summary>
/// Tests that count a thread's allocations over many steps. They run alone: beside others on a busy machine one has counted 39 bytes a
/// message once, where it counts none by itself.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AllocationCollection
{
    public const string Name = "Allocations";
}
