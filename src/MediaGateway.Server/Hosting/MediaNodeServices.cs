using MediaGateway.Server.Node;
using MediaGateway.Server.Observability;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Server.Surfaces.Control;
using MediaGateway.Server.Surfaces.LiveKit.Twirp;

namespace MediaGateway.Server.Hosting;

internal static class MediaNodeServices
{
    public static void AddMediaNode(this IServiceCollection services)
    {
        services.AddSingleton<SessionTable>();
        services.AddSingleton(provider =>
        {
            MediaOptions media = provider.GetRequiredService<MediaOptions>();
            return new ViewerPlacement(media.Workers, media.ViewersPerWorker,
                provider.GetRequiredService<LimitsOptions>().MaxViewersPerStream);
        });
        services.AddSingleton<NodeEvents>();
        services.AddSingleton<WorkerPool>();
        services.AddSingleton<SessionUpdates>();
        services.AddSingleton<LiveSessions>();
        services.AddSingleton<ILiveStreams>(provider => provider.GetRequiredService<LiveSessions>());
        services.AddSingleton<LiveStreamMeter>();
        services.AddSingleton<WorkerCommands>();
        services.AddSingleton<RoomOperations>();
        services.AddSingleton<ParticipantOperations>();
        services.AddSingleton<TrackOperations>();
        services.AddSingleton<LiveStreamOperations>();
        services.AddSingleton<NodeOperations>();
        services.AddSingleton<NodeDescriber>();
        services.AddSingleton<RoomServiceAdapter>();
        services.AddSingleton<IRooms, RoomNode>();
        services.AddHostedService(provider => provider.GetRequiredService<WorkerPool>());
        services.AddHostedService<WorkerMetrics>();
        services.AddHostedService<LineMetrics>();
    }
}
