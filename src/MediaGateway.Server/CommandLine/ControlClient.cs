using Grpc.Core;
using MediaGateway.V1;

namespace MediaGateway.Server.CommandLine;

/// <summary>A running gateway's services, with the metadata that calls of them need.</summary>
internal sealed class ControlClient(ChannelBase channel, string token)
{
    public RoomService.RoomServiceClient Rooms { get; } = new(channel);

    public ParticipantService.ParticipantServiceClient Participants { get; } = new(channel);

    public TrackService.TrackServiceClient Tracks { get; } = new(channel);

    public LiveStreamService.LiveStreamServiceClient LiveStreams { get; } = new(channel);

    public EventService.EventServiceClient Events { get; } = new(channel);

    public StatsService.StatsServiceClient Stats { get; } = new(channel);

    public NodeService.NodeServiceClient Node { get; } = new(channel);

    public Metadata Bearer { get; } = new() { { "authorization", "Bearer " + token } };
}
