namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>Server-given id of a participant, new for each join; begins with <c>PA_</c>.</summary>
public readonly record struct ParticipantSid(string Value)
{
    public override string ToString() => Value;
}
