namespace MediaGateway.LoadTester.Scenarios;

/// <summary>The result of offering the gateway more load than it can carry.</summary>
/// <param name="Scenario">Its name.</param>
/// <param name="Capacity">Viewers at which it began to leave out video.</param>
/// <param name="Phases">Before, while, and after.</param>
/// <param name="RecoverySeconds">From the end of it until nothing was left out any more.</param>
internal sealed record OverloadResult(string Scenario, int Capacity, IReadOnlyList<OverloadResult.OverloadPhase> Phases,
    double RecoverySeconds)
{
    /// <summary>A stretch of time under one load.</summary>
    public sealed record OverloadPhase
    {
        public required string Name { get; init; }

        public required int Viewers { get; init; }

        /// <summary>Times what the gateway can carry.</summary>
        public required double Offered { get; init; }

        /// <summary>Cores that the media workers used.</summary>
        public required double WorkerLoad { get; init; }

        public required double PacketsPerSecond { get; init; }

        /// <summary>Part of the checking viewers who got video in the last seconds of the phase, 0 to 1.</summary>
        public required double WithPicture { get; init; }

        public required long SoundReceived { get; init; }

        /// <summary>Packets of sound that were sent and did not come.</summary>
        public required long SoundLost { get; init; }

        /// <summary>Sequence numbers that did not come, of pictures and of sound.</summary>
        public required long Lost { get; init; }

        /// <summary>Packets that were not as they were sent, or came twice.</summary>
        public required long Wrong { get; init; }

        /// <summary>Packets that the gateway says it left out.</summary>
        public required long Shed { get; init; }

        /// <summary>Least and most that it left out; see docs/overload.md.</summary>
        public required int LowestLevel { get; init; }

        public required int HighestLevel { get; init; }

        /// <summary>Milliseconds, of what came.</summary>
        public required double LatencyP50 { get; init; }

        public required double LatencyP99 { get; init; }

        /// <summary>Milliseconds of a call of the control API.</summary>
        public required double ControlP50 { get; init; }

        public required double ControlP99 { get; init; }

        /// <summary>Milliseconds until a participant was let into a room.</summary>
        public required double SignalP50 { get; init; }

        public required double SignalP99 { get; init; }

        /// <summary>Calls and joins whose times were taken.</summary>
        public required int Asked { get; init; }

        public required long KernelDrops { get; init; }

        public required int Ended { get; init; }
    }
}
