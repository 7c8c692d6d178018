using MediaGateway.Sfu.Rooms.Notifications;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>
/// A participant's signaling. Called on the worker's thread: an implementation only queues, it never runs control
/// code inline and never calls back.
/// </summary>
public interface IParticipantObserver
{
    public void OnNotification(RoomNotification notification);
}
