namespace MediaGateway.Sfu.LiveStreams;

/// <summary>Way in which viewers come to what they are to see and hear.</summary>
internal enum ProgramChange : byte
{
    /// <summary>Picture and sound change at once.</summary>
    Take,

    /// <summary>The picture changes at its next key frame; until then what viewers see goes on.</summary>
    Switch,

    /// <summary>The sound alone changes.</summary>
    Sound,

    /// <summary>A viewer that has not followed the last switch by now sees nothing.</summary>
    Settle,
}
