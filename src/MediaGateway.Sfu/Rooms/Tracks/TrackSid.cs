namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>Server-given id of a published track; begins with <c>TR_</c>.</summary>
public readonly record struct TrackSid(string Value)
{
    public override string ToString() => Value;
}
