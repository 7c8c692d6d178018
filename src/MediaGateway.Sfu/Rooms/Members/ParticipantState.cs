namespace MediaGateway.Sfu.Rooms.Members;

public enum ParticipantState
{
    /// <summary>Admitted; signaling has not begun.</summary>
    Joining,

    /// <summary>Signaling runs; media is not connected yet.</summary>
    Joined,

    /// <summary>Media is connected.</summary>
    Active,

    Disconnected,
}
