using MediaGateway.Server.LiveStreams;

namespace MediaGateway.Server.Media;

internal static class MediaNodeServices
{
    public static void AddMediaNode(this IServiceCollection services)
    {
        services.AddSingleton<MediaNode>();
        services.AddSingleton<ILiveStreams>(provider => provider.GetRequiredService<MediaNode>());
        services.AddHostedService(provider => provider.GetRequiredService<MediaNode>());
        services.AddHostedService<MediaMetrics>();
    }
}
