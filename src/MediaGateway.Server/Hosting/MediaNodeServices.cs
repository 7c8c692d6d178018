using MediaGateway.Server.Control;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Telemetry;
using MediaGateway.Server.Twirp;

namespace MediaGateway.Server.Hosting;

internal static class MediaNodeServices
{
    public static void AddMediaNode(this IServiceCollection services)
    {
        services.AddSingleton<MediaNode>();
        services.AddSingleton<ILiveStreams>(provider => provider.GetRequiredService<MediaNode>());
        services.AddSingleton<ControlNode>();
        services.AddSingleton<NodeDescriber>();
        services.AddSingleton<RoomCalls>();
        services.AddSingleton<ParticipantCalls>();
        services.AddSingleton<TrackCalls>();
        services.AddSingleton<RoomServiceAdapter>();
        services.AddSingleton<IRooms, RoomNode>();
        services.AddHostedService(provider => provider.GetRequiredService<MediaNode>());
        services.AddHostedService<MediaMetrics>();
    }
}
