namespace MediaGateway.Sfu.Rooms;

/// <summary>Outcome of a participant's request.</summary>
public enum RequestOutcome
{
    Done,
    NotFound,
    NotAllowed,

    /// <summary>The participant or the room would have more than it may.</summary>
    LimitExceeded,

    /// <summary>The request contradicts itself or the state that it meets.</summary>
    Invalid,
}
