using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;


namespace MediaGateway.Testing.Rooms;

/// <summary>One signaling connection of a participant: everything takes its time, in order, until it is cut.</summary>
internal sealed class SignalLink(TestMeeting meeting, TestParticipant client) : IParticipantObserver
{
    public bool IsCut { get; private set; }

    public void OnNotification(RoomNotification notification) => meeting.After(meeting.SignalDelay, () =>
    {
        if (!IsCut)
            client.OnNotification(notification);
    });

    /// <summary>A request; what happens there happens at the gateway.</summary>
    public void Send(Action<Participant> request) => meeting.After(meeting.SignalDelay, () =>
    {
        if (!IsCut && client.Remote is { IsClosed: false } participant)
            meeting.AtGateway(() => request(participant));
    });

    /// <summary>Nothing passes any more; the gateway notices a little later.</summary>
    public void Cut()
    {
        IsCut = true;
        meeting.After(meeting.SignalDelay, () => meeting.AtGateway(() => client.Remote?.OnSignalLost(this, meeting.Now)));
    }
}
