namespace MediaGateway.Sfu.Rooms.Connections;

/// <summary>The connection of a participant that a description or candidate is for; with a single one, always the publisher's.</summary>
public enum SignalTarget
{
    Publisher,
    Subscriber,
}
