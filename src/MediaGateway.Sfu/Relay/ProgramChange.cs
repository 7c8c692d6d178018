namespace MediaGateway.Sfu.Relay;

/// <summary>How viewers come to what they are to see and hear.</summary>
internal enum ProgramChange : byte
{
    /// <summary>Both at once.</summary>
    Take,

    /// <summary>The picture at its next key frame; until then what they see goes on.</summary>
    Switch,

    /// <summary>The sound alone.</summary>
    Sound,

    /// <summary>Who has not followed the last switch by now sees nothing.</summary>
    Settle,
}
