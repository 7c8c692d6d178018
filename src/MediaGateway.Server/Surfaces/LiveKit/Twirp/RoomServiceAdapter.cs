using Google.Protobuf;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Node;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Surfaces.LiveKit;
using MediaGateway.Server.Twirp.Messages;
using DataPacketKind = MediaGateway.Sfu.Data.DataPacketKind;

namespace MediaGateway.Server.Surfaces.LiveKit.Twirp;

/// <summary>LiveKit's RoomService, in terms of ours. Its messages say less: zero and empty mean "as it is".</summary>
internal sealed class RoomServiceAdapter(RoomOperations rooms, ParticipantOperations participants, TrackOperations tracks)
{
    public static IReadOnlyDictionary<string, TwirpMethod> Methods { get; } = new Dictionary<string, TwirpMethod>(StringComparer.Ordinal)
    {
        ["CreateRoom"] = TwirpMethod.Command<CreateRoomRequest>((adapter, request, caller) => adapter.CreateRoomAsync(request, caller)),
        ["ListRooms"] = TwirpMethod.Question<ListRoomsRequest>((adapter, request, caller) => adapter.ListRooms(request, caller)),
        ["DeleteRoom"] = TwirpMethod.Command<DeleteRoomRequest>((adapter, request, caller) => adapter.DeleteRoomAsync(request, caller)),
        ["UpdateRoomMetadata"] =
            TwirpMethod.Command<UpdateRoomMetadataRequest>((adapter, request, caller) => adapter.UpdateRoomMetadataAsync(request, caller)),
        ["ListParticipants"] =
            TwirpMethod.Question<ListParticipantsRequest>((adapter, request, caller) => adapter.ListParticipants(request, caller)),
        ["GetParticipant"] =
            TwirpMethod.Question<RoomParticipantIdentity>((adapter, request, caller) => adapter.GetParticipant(request, caller)),
        ["RemoveParticipant"] =
            TwirpMethod.Command<RoomParticipantIdentity>((adapter, request, caller) => adapter.RemoveParticipantAsync(request, caller)),
        ["MutePublishedTrack"] =
            TwirpMethod.Command<MuteRoomTrackRequest>((adapter, request, caller) => adapter.MutePublishedTrackAsync(request, caller)),
        ["UpdateParticipant"] =
            TwirpMethod.Command<UpdateParticipantRequest>((adapter, request, caller) => adapter.UpdateParticipantAsync(request, caller)),
        ["UpdateSubscriptions"] = TwirpMethod.Command<UpdateSubscriptionsRequest>((adapter, request, caller) =>
            adapter.UpdateSubscriptionsAsync(request, caller)),
        ["SendData"] = TwirpMethod.Command<SendDataRequest>((adapter, request, caller) => adapter.SendDataAsync(request, caller)),
        ["ForwardParticipant"] =
            TwirpMethod.Command<ForwardParticipantRequest>((adapter, request, caller) => adapter.ForwardParticipantAsync(request, caller)),
        ["MoveParticipant"] =
            TwirpMethod.Command<MoveParticipantRequest>((adapter, request, caller) => adapter.MoveParticipantAsync(request, caller)),
    };

    private ListRoomsResponse ListRooms(ListRoomsRequest request, Caller caller)
    {
        IEnumerable<NodeState.RoomState> found = rooms.List(caller)
            .Values.Where(room => request.Names.Count == 0 || request.Names.Contains(room.Room.Name));
        return new ListRoomsResponse { Rooms = { found.Select(Of) } };
    }

    private async Task<IMessage> CreateRoomAsync(CreateRoomRequest request, Caller caller)
    {
        var wanted = new RoomChange(
            TextOf(request.Metadata),
            request.MaxParticipants == 0 ? null : (int)Math.Min(request.MaxParticipants, int.MaxValue),
            TimeOf(request.EmptyTimeout, "empty_timeout"),
            TimeOf(request.DepartureTimeout, "departure_timeout"));
        (NodeState.RoomState room, _) = await rooms.CreateAsync(caller, request.Name, request.RoomPreset, wanted);
        return Of(room);
    }

    private async Task<IMessage> DeleteRoomAsync(DeleteRoomRequest request, Caller caller)
    {
        await rooms.DeleteAsync(caller, request.Room);
        return new DeleteRoomResponse();
    }

    private async Task<IMessage> UpdateRoomMetadataAsync(UpdateRoomMetadataRequest request, Caller caller) =>
        Of(await rooms.UpdateAsync(caller, request.Room, new RoomChange(Metadata: request.Metadata)));

    private ListParticipantsResponse ListParticipants(ListParticipantsRequest request, Caller caller) =>
        new() { Participants = { participants.List(caller, request.Room).Select(RoomModels.From) } };

    private ParticipantInfo GetParticipant(RoomParticipantIdentity request, Caller caller) =>
        RoomModels.From(participants.Get(caller, request.Room, request.Identity));

    private async Task<IMessage> RemoveParticipantAsync(RoomParticipantIdentity request, Caller caller)
    {
        await participants.RemoveAsync(caller, request.Room, request.Identity);
        return new RemoveParticipantResponse();
    }

    private async Task<IMessage> MutePublishedTrackAsync(MuteRoomTrackRequest request, Caller caller)
    {
        Sfu.Rooms.Tracks.TrackInfo muted =
            await participants.MuteTrackAsync(caller, request.Room, request.Identity, request.TrackSid, request.Muted);
        return new MuteRoomTrackResponse { Track = RoomModels.From(muted) };
    }

    private async Task<IMessage> UpdateParticipantAsync(UpdateParticipantRequest request, Caller caller)
    {
        var change = new ParticipantChange(
            TextOf(request.Name),
            TextOf(request.Metadata),
            request.Attributes,
            request.Permission is { } permission ? RoomModels.Read(permission) : null);
        return RoomModels.From(await participants.UpdateAsync(caller, request.Room, request.Identity, change));
    }

    private async Task<IMessage> UpdateSubscriptionsAsync(UpdateSubscriptionsRequest request, Caller caller)
    {
        IEnumerable<string> sids = request.TrackSids.Concat(request.ParticipantTracks.SelectMany(of => of.TrackSids));
        await tracks.SetSubscriptionsAsync(caller, request.Room, request.Identity, sids, request.Subscribe);
        return new UpdateSubscriptionsResponse();
    }

    private async Task<IMessage> SendDataAsync(SendDataRequest request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        HashSet<string> sids = [.. request.DestinationSids];
        IEnumerable<string> named = sids.Count == 0
            ? []
            : participants.List(caller, request.Room).Where(participant => sids.Contains(participant.Sid.Value))
                .Select(participant => participant.Identity);
        DataPacketKind kind = request.Kind == SendDataRequest.Types.Kind.Lossy ? DataPacketKind.Lossy : DataPacketKind.Reliable;
        var message = new DataMessage(kind, request.Data.Memory, request.Topic, [.. request.DestinationIdentities, .. named]);
        // Nobody of those who are named is there: that is nobody, not everybody.
        if (sids.Count == 0 || message.Destinations.Length > 0)
            await participants.SendDataAsync(caller, request.Room, message);
        return new SendDataResponse();
    }

    private async Task<IMessage> ForwardParticipantAsync(ForwardParticipantRequest request, Caller caller)
    {
        await participants.ForwardAsync(caller, request.Room, request.Identity, request.DestinationRoom);
        return new ForwardParticipantResponse();
    }

    private async Task<IMessage> MoveParticipantAsync(MoveParticipantRequest request, Caller caller)
    {
        await participants.MoveAsync(caller, request.Room, request.Identity, request.DestinationRoom);
        return new MoveParticipantResponse();
    }

    private static Room Of(NodeState.RoomState state)
    {
        Room room = RoomModels.From(state.Room);
        room.NumParticipants = (uint)state.Participants.Count(participant => !participant.Permissions.Hidden);
        room.NumPublishers = (uint)state.Participants.Count(participant => participant.IsPublisher);
        return room;
    }

    private static string? TextOf(string text) => text.Length == 0 ? null : text;

    private static TimeSpan? TimeOf(uint seconds, string field) =>
        seconds == 0 ? null : Arguments.RequireTimeout(TimeSpan.FromSeconds(seconds), field);
}
