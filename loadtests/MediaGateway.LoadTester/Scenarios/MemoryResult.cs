using MediaGateway.LoadTester.Measuring;

namespace MediaGateway.LoadTester.Scenarios;

/// <summary>The memory that each participant of a meeting takes of a gateway, in bytes.</summary>
/// <param name="Participants">People in the meeting.</param>
/// <param name="Resident">
/// Growth of the resident memory from the first participant to the last, divided by those who came after the first.
/// </param>
/// <param name="Live">Bytes of objects that a full collection leaves, less those that it leaves when all but one have gone.</param>
/// <param name="LiveOf">The same by type.</param>
/// <param name="ResidentBytes">Resident memory with all participants.</param>
internal sealed record MemoryResult(
    int Participants,
    ResidentMemory Resident,
    long Live,
    IReadOnlyDictionary<string, long> LiveOf,
    long ResidentBytes);
