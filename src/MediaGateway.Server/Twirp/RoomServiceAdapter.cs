using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MediaGateway.Server.Control;
using MediaGateway.Server.Node;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Surfaces.LiveKit;
using MediaGateway.Server.Twirp.Messages;

namespace MediaGateway.Server.Twirp;

/// <summary>LiveKit's RoomService, in terms of ours. Its messages say less: zero and empty mean "as it is".</summary>
internal sealed class RoomServiceAdapter(ControlNode node, RoomCalls rooms, ParticipantCalls participants, TrackCalls tracks)
{
    public static IReadOnlyDictionary<string, TwirpMethod> Methods { get; } = new Dictionary<string, TwirpMethod>(StringComparer.Ordinal)
    {
        ["CreateRoom"] = TwirpMethod.Command<CreateRoomRequest>((adapter, request, caller) => adapter.CreateRoomAsync(request, caller)),
        ["ListRooms"] = TwirpMethod.Question<ListRoomsRequest>((adapter, request, caller) => adapter.ListRooms(request, caller)),
        ["DeleteRoom"] = TwirpMethod.Command<DeleteRoomRequest>((adapter, request, caller) => adapter.DeleteRoomAsync(request, caller)),
        ["UpdateRoomMetadata"] = TwirpMethod.Command<UpdateRoomMetadataRequest>((adapter, request, caller) => adapter.UpdateRoomMetadataAsync(request, caller)),
        ["ListParticipants"] = TwirpMethod.Question<ListParticipantsRequest>((adapter, request, caller) => adapter.ListParticipants(request, caller)),
        ["GetParticipant"] = TwirpMethod.Question<RoomParticipantIdentity>((adapter, request, caller) => adapter.GetParticipant(request, caller)),
        ["RemoveParticipant"] = TwirpMethod.Command<RoomParticipantIdentity>((adapter, request, caller) => adapter.RemoveParticipantAsync(request, caller)),
        ["MutePublishedTrack"] = TwirpMethod.Command<MuteRoomTrackRequest>((adapter, request, caller) => adapter.MutePublishedTrackAsync(request, caller)),
        ["UpdateParticipant"] = TwirpMethod.Command<UpdateParticipantRequest>((adapter, request, caller) => adapter.UpdateParticipantAsync(request, caller)),
        ["UpdateSubscriptions"] = TwirpMethod.Command<UpdateSubscriptionsRequest>((adapter, request, caller) => adapter.UpdateSubscriptionsAsync(request, caller)),
        ["SendData"] = TwirpMethod.Command<SendDataRequest>((adapter, request, caller) => adapter.SendDataAsync(request, caller)),
        ["ForwardParticipant"] = TwirpMethod.Command<ForwardParticipantRequest>((adapter, request, caller) => adapter.ForwardParticipantAsync(request, caller)),
        ["MoveParticipant"] = TwirpMethod.Command<MoveParticipantRequest>((adapter, request, caller) => adapter.MoveParticipantAsync(request, caller)),
    };

    private ListRoomsResponse ListRooms(ListRoomsRequest request, Caller caller)
    {
        caller.RequireList();
        IEnumerable<NodeState.RoomState> found = node.State.Rooms.Values.Where(room => request.Names.Count == 0 || request.Names.Contains(room.Room.Name));
        return new ListRoomsResponse { Rooms = { found.Select(Of) } };
    }

    private async Task<IMessage> CreateRoomAsync(CreateRoomRequest request, Caller caller)
    {
        var wish = new V1.CreateRoomRequest
        {
            Name = request.Name,
            Preset = request.RoomPreset,
            EmptyTimeout = SecondsOf(request.EmptyTimeout),
            DepartureTimeout = SecondsOf(request.DepartureTimeout),
        };
        if (request.Metadata.Length > 0)
            wish.Metadata = request.Metadata;
        if (request.MaxParticipants > 0)
            wish.MaxParticipants = (int)Math.Min(request.MaxParticipants, int.MaxValue);
        await rooms.CreateRoomAsync(wish, caller);
        return Of(node.RoomOf(request.Name));
    }

    private async Task<IMessage> DeleteRoomAsync(DeleteRoomRequest request, Caller caller)
    {
        await rooms.DeleteRoomAsync(new V1.DeleteRoomRequest { Name = request.Room }, caller);
        return new DeleteRoomResponse();
    }

    private async Task<IMessage> UpdateRoomMetadataAsync(UpdateRoomMetadataRequest request, Caller caller)
    {
        await rooms.UpdateRoomAsync(new V1.UpdateRoomRequest { Name = request.Room, Metadata = request.Metadata }, caller);
        return Of(node.RoomOf(request.Room));
    }

    private ListParticipantsResponse ListParticipants(ListParticipantsRequest request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        return new ListParticipantsResponse { Participants = { node.RoomOf(request.Room).Participants.Select(RoomModels.From) } };
    }

    private ParticipantInfo GetParticipant(RoomParticipantIdentity request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        return RoomModels.From(node.ParticipantOf(request.Room, request.Identity));
    }

    private async Task<IMessage> RemoveParticipantAsync(RoomParticipantIdentity request, Caller caller)
    {
        await participants.RemoveParticipantAsync(new V1.RemoveParticipantRequest { Room = request.Room, Identity = request.Identity }, caller);
        return new RemoveParticipantResponse();
    }

    private async Task<IMessage> MutePublishedTrackAsync(MuteRoomTrackRequest request, Caller caller)
    {
        V1.MuteTrackResponse answer = await participants.MuteTrackAsync(
            new V1.MuteTrackRequest { Room = request.Room, Identity = request.Identity, TrackSid = request.TrackSid, Muted = request.Muted }, caller);
        TrackInfo? track = GetParticipant(new RoomParticipantIdentity { Room = request.Room, Identity = request.Identity }, caller).Tracks.FirstOrDefault(track => track.Sid == request.TrackSid);
        // As the command left it: its owner may have changed it again since.
        if (track is not null)
            track.Muted = answer.Track.Muted;
        return new MuteRoomTrackResponse { Track = track };
    }

    private async Task<IMessage> UpdateParticipantAsync(UpdateParticipantRequest request, Caller caller)
    {
        var change = new V1.UpdateParticipantRequest { Room = request.Room, Identity = request.Identity, Attributes = { request.Attributes } };
        if (request.Name.Length > 0)
            change.Name = request.Name;
        if (request.Metadata.Length > 0)
            change.Metadata = request.Metadata;
        if (request.Permission is { } permission)
            change.Permissions = ControlModels.Of(RoomModels.Read(permission));
        await participants.UpdateParticipantAsync(change, caller);
        return RoomModels.From(node.ParticipantOf(request.Room, request.Identity));
    }

    private async Task<IMessage> UpdateSubscriptionsAsync(UpdateSubscriptionsRequest request, Caller caller)
    {
        await tracks.UpdateSubscriptionsAsync(
            new V1.UpdateSubscriptionsRequest
            {
                Room = request.Room,
                Identity = request.Identity,
                TrackSids = { request.TrackSids, request.ParticipantTracks.SelectMany(of => of.TrackSids) },
                Subscribe = request.Subscribe,
            },
            caller);
        return new UpdateSubscriptionsResponse();
    }

    private async Task<IMessage> SendDataAsync(SendDataRequest request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        HashSet<string> sids = [.. request.DestinationSids];
        IEnumerable<string> named = sids.Count == 0 ? [] : node.RoomOf(request.Room).Participants.Where(participant => sids.Contains(participant.Sid.Value)).Select(participant => participant.Identity);
        var data = new V1.SendDataRequest
        {
            Room = request.Room,
            Data = request.Data,
            Kind = request.Kind == SendDataRequest.Types.Kind.Lossy ? V1.DataPacketKind.Lossy : V1.DataPacketKind.Reliable,
            DestinationIdentities = { request.DestinationIdentities, named },
            Topic = request.Topic,
        };
        // Nobody of those who are named is there: that is nobody, not everybody.
        if (sids.Count == 0 || data.DestinationIdentities.Count > 0)
            await participants.SendDataAsync(data, caller);
        return new SendDataResponse();
    }

    private async Task<IMessage> ForwardParticipantAsync(ForwardParticipantRequest request, Caller caller)
    {
        await participants.ForwardParticipantAsync(
            new V1.ForwardParticipantRequest { Room = request.Room, Identity = request.Identity, DestinationRoom = request.DestinationRoom }, caller);
        return new ForwardParticipantResponse();
    }

    private async Task<IMessage> MoveParticipantAsync(MoveParticipantRequest request, Caller caller)
    {
        await participants.MoveParticipantAsync(
            new V1.MoveParticipantRequest { Room = request.Room, Identity = request.Identity, DestinationRoom = request.DestinationRoom }, caller);
        return new MoveParticipantResponse();
    }

    private static Room Of(NodeState.RoomState state)
    {
        Room room = RoomModels.From(state.Room);
        room.NumParticipants = (uint)state.Participants.Count(participant => !participant.Permissions.Hidden);
        room.NumPublishers = (uint)state.Participants.Count(participant => participant.IsPublisher);
        return room;
    }

    private static Duration? SecondsOf(uint seconds) => seconds == 0 ? null : new Duration { Seconds = seconds };
}
