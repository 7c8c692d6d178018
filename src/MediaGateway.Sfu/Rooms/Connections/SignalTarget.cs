namespace MediaGateway.Sfu.Rooms.Connections;

/// <summary>Which of a participant's connections a description or candidate is for; with one, always the publisher's.</summary>
public enum SignalTarget
{
    Publisher,
    Subscriber,
}
