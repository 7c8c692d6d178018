using System.Collections.Concurrent;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;

namespace MediaGateway.Server.Tests.Support;

/// <summary>Keeps what a participant is told.</summary>
internal sealed class RecordingObserver : IParticipantObserver
{
    private readonly ConcurrentQueue<RoomNotification> _notifications = new();

    public void OnNotification(RoomNotification notification) => _notifications.Enqueue(notification);

    public IEnumerable<T> All<T>()
        where T : RoomNotification => _notifications.OfType<T>();
}
