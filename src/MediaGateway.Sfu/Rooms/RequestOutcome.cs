namespace MediaGateway.Sfu.Rooms;

/// <summary>What became of a participant's request.</summary>
public enum RequestOutcome
{
    Done,
    NotFound,
    NotAllowed,

    /// <summary>More than a participant or a room may have.</summary>
    LimitExceeded,

    /// <summary>It contradicts itself or the state it meets.</summary>
    Invalid,
}
