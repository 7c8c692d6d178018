namespace MediaGateway.LoadTester.Scenarios;

/// <summary>The relation between a scenario's clients.</summary>
internal enum ScenarioKind
{
    /// <summary>One publisher a stream, viewers that watch one stream each (WHIP and WHEP).</summary>
    Livestream,

    /// <summary>Participants who each publish and receive all others, in one room.</summary>
    Meeting,

    /// <summary>Speakers in one room, and viewers who listen to all of them.</summary>
    Audio,
}
