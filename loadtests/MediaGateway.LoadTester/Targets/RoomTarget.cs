using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Servers;

namespace MediaGateway.LoadTester.Targets;

/// <summary>The gateway's rooms, by LiveKit's signaling.</summary>
internal sealed class RoomTarget(GatewayServer server, PeerSetup setup) : ILoadTarget
{
    public string Name => server.Name;

    public int ProcessId => server.ProcessId;

    public bool IsManaged => true;

    public string Log => server.Log;

    public async Task<ServerState?> ReadStateAsync(CancellationToken cancellation) => await server.ReadStateAsync(cancellation);

    /// <summary>A speaker, who hears nobody.</summary>
    public async Task<IPublisher> PublishAsync(string room, IReadOnlyList<PublishedTrack> tracks, CancellationToken cancellation) =>
        await JoinAsync(new Attendance(room, tracks, []), new ViewerMeasures(), false, ["canPublish"], cancellation);

    public async Task<IViewer> JoinAsync(Attendance attendance, ViewerMeasures measures, bool isCounting, CancellationToken cancellation) =>
        await JoinAsync(attendance, measures, isCounting, attendance.Sends.Count == 0 ? ["canSubscribe"]
        : ["canPublish", "canSubscribe"], cancellation);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Task<RoomParticipant> JoinAsync(Attendance attendance, ViewerMeasures measures, bool isCounting, string[] grants,
        CancellationToken cancellation)
    {
        string token = server.SignToken(attendance.Room, "load-" + Guid.NewGuid().ToString("N"), grants);
        return RoomParticipant.JoinAsync(server.SignalAddress, token, setup, attendance, measures, isCounting, cancellation);
    }
}
