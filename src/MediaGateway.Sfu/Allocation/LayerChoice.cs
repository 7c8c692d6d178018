namespace MediaGateway.Sfu.Allocation;

/// <summary>Choice of <see cref="LayerAllocator"/>, in all.</summary>
/// <param name="Total">Rate of the chosen steps, bits per second.</param>
/// <param name="Goal">Rate at which the next step up would fit too; 0 when no step waits for room.</param>
internal readonly record struct LayerChoice(long Total, long Goal);
