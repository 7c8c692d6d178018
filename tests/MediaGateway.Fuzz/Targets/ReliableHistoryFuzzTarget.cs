using MediaGateway.Testing.Data;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>Any order of operations on a history of reliable packets does what a list would do.</summary>
public sealed class ReliableHistoryFuzzTarget : IFuzzTarget
{
    public string Name => "reliable-history";

    public IEnumerable<byte[]> Seeds =>
    [
        // Three packets, a repetition, all since the first.
        [3, 1, 0, 10, 3, 1, 0, 200, 3, 2, 1, 0, 1, 1, 0, 5, 2, 0, 0, 3],
        // One packet grows too old for the next.
        [3, 1, 0, 10, 0, 0, 100, 0, 3, 1, 0, 20, 0, 0, 50, 0, 2, 0, 0, 9],
    ];

    public void Run(ReadOnlySpan<byte> input) => ReliableHistoryModel.Play(input);
}
