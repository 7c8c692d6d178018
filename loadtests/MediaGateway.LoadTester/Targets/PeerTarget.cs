using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Servers;

namespace MediaGateway.LoadTester.Targets;

/// <summary>A server of live streams; Janus, for which those and rooms are one.</summary>
internal sealed class PeerTarget(IServerUnderTest server, PeerSetup setup) : ILoadTarget
{
    public string Name => server.Name;

    public int ProcessId => server.ProcessId;

    public bool IsManaged => server is GatewayServer;

    public string Log => (server as GatewayServer)?.Log ?? "";

    public async Task<ServerState?> ReadStateAsync(CancellationToken cancellation) =>
        server is GatewayServer gateway ? await gateway.ReadStateAsync(cancellation) : null;

    public async Task<IPublisher> PublishAsync(string stream, IReadOnlyList<PublishedTrack> tracks, CancellationToken cancellation)
    {
        var publisher = new PublisherPeer(setup, tracks);
        publisher.AcceptAnswer(await server.PublishAsync(stream, publisher.Offer, cancellation));
        return publisher;
    }

    public async Task<IViewer> JoinAsync(Attendance attendance, ViewerMeasures measures, bool isCounting, CancellationToken cancellation)
    {
        if (attendance.Sends.Count > 0)
        {
            return server is JanusServer janus
                ? await JanusParticipant.JoinAsync(janus, setup, attendance, measures, isCounting, cancellation)
                : throw new InvalidOperationException($"{Name} has no meetings.");
        }
        var viewer = new ViewerPeer(setup, attendance.Codecs, measures, isCounting);
        await server.WatchAsync(attendance.Room, viewer, cancellation);
        return viewer;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
