using MediaGateway.Testing.Fuzzing;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Fuzz.Targets;

/// <summary>Any order of operations on the timer wheel does what a sorted list would do.</summary>
public sealed class TimerWheelFuzzTarget : IFuzzTarget
{
    public string Name => "timer-wheel";

    public IEnumerable<byte[]> Seeds =>
    [
        // Three entries: near, one level up, hours away; then one long step and one short.
        [4, 0, 50, 12, 4, 1, 200, 16, 4, 2, 255, 28, 0, 0, 255, 16, 0, 0, 1, 13],
        // One entry that schedules itself again, cancelled after two rounds.
        [3, 7, 1, 14, 4, 7, 1, 14, 0, 0, 4, 14, 0, 0, 4, 14, 2, 7, 0, 0, 0, 0, 4, 14],
        // A deadline in the past.
        [1, 3, 255, 20, 0, 0, 0, 0, 0, 0, 2, 13],
    ];

    public void Run(ReadOnlySpan<byte> input) => TimerWheelModel.Play(input);
}
