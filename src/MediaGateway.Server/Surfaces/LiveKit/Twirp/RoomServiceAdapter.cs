using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Node;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Twirp.Messages;
using DataPacketKind = MediaGateway.Sfu.Data.DataPacketKind;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace MediaGateway.Server.Surfaces.LiveKit.Twirp;

/// <summary>LiveKit's RoomService, in terms of ours. Its messages say less: zero and empty mean "as it is".</summary>
internal sealed class RoomServiceAdapter(RoomOperations rooms, ParticipantOperations participants, TrackOperations tracks)
{
    private static readonly Dictionary<string, TwirpAnswer> Answers = new(StringComparer.Ordinal)
    {
        ["CreateRoom"] = Answer<CreateRoomRequest>((adapter, request, _) => adapter.CreateRoomAsync(request)),
        ["ListRooms"] = Answer<ListRoomsRequest>((adapter, request, _) => Task.FromResult<IMessage>(adapter.ListRooms(request))),
        ["DeleteRoom"] = Answer<DeleteRoomRequest>((adapter, request, _) => adapter.DeleteRoomAsync(request)),
        ["UpdateRoomMetadata"] = Answer<UpdateRoomMetadataRequest>((adapter, request, _) => adapter.UpdateRoomMetadataAsync(request)),
        ["ListParticipants"] =
            Answer<ListParticipantsRequest>((adapter, request, _) => Task.FromResult<IMessage>(adapter.ListParticipants(request))),
        ["GetParticipant"] =
            Answer<RoomParticipantIdentity>((adapter, request, _) => Task.FromResult<IMessage>(adapter.GetParticipant(request))),
        ["RemoveParticipant"] = Answer<RoomParticipantIdentity>((adapter, request, _) => adapter.RemoveParticipantAsync(request)),
        ["MutePublishedTrack"] = Answer<MuteRoomTrackRequest>((adapter, request, _) => adapter.MutePublishedTrackAsync(request)),
        ["UpdateParticipant"] = Answer<UpdateParticipantRequest>((adapter, request, _) => adapter.UpdateParticipantAsync(request)),
        ["UpdateSubscriptions"] = Answer<UpdateSubscriptionsRequest>((adapter, request, _) => adapter.UpdateSubscriptionsAsync(request)),
        ["SendData"] = Answer<SendDataRequest>((adapter, request, _) => adapter.SendDataAsync(request)),
        ["ForwardParticipant"] = Answer<ForwardParticipantRequest>((adapter, request, _) => adapter.ForwardParticipantAsync(request)),
        ["MoveParticipant"] = Answer<MoveParticipantRequest>((adapter, request, caller) => adapter.MoveParticipantAsync(request, caller)),
    };

    /// <summary>The methods that are served, by name.</summary>
    /// <exception cref="InvalidOperationException">A method does not say what it needs, or nothing answers it.</exception>
    public static FrozenDictionary<string, TwirpMethod> Methods()
    {
        ServiceDescriptor service = RoomServiceReflection.Descriptor.Services.Single();
        FrozenDictionary<string, MethodAccess> access = MethodAccess.OfService(service, TwirpEndpoints.Service);
        return service.Methods.ToFrozenDictionary(
            method => method.Name,
            method => new TwirpMethod(access[$"/{TwirpEndpoints.Service}/{method.Name}"], method.InputType, AnswerTo(method)));
    }

    private ListRoomsResponse ListRooms(ListRoomsRequest request)
    {
        IEnumerable<NodeState.RoomState> found = rooms.All
            .Values.Where(room => request.Names.Count == 0 || request.Names.Contains(room.Room.Name));
        return new ListRoomsResponse { Rooms = { found.Select(Of) } };
    }

    private async Task<IMessage> CreateRoomAsync(CreateRoomRequest request)
    {
        var wanted = new RoomChange(
            TextOf(request.Metadata),
            request.MaxParticipants == 0 ? null : (int)Math.Min(request.MaxParticipants, int.MaxValue),
            TimeOf(request.EmptyTimeout, "empty_timeout"),
            TimeOf(request.DepartureTimeout, "departure_timeout"));
        (NodeState.RoomState room, _) = await rooms.CreateAsync(request.Name, request.RoomPreset, wanted);
        return Of(room);
    }

    private async Task<IMessage> DeleteRoomAsync(DeleteRoomRequest request)
    {
        await rooms.DeleteAsync(request.Room);
        return new DeleteRoomResponse();
    }

    private async Task<IMessage> UpdateRoomMetadataAsync(UpdateRoomMetadataRequest request) =>
        Of(await rooms.UpdateAsync(request.Room, new RoomChange(Metadata: request.Metadata)));

    private ListParticipantsResponse ListParticipants(ListParticipantsRequest request) =>
        new() { Participants = { participants.List(request.Room).Select(RoomModels.From) } };

    private ParticipantInfo GetParticipant(RoomParticipantIdentity request) =>
        RoomModels.From(participants.Get(request.Room, request.Identity));

    private async Task<IMessage> RemoveParticipantAsync(RoomParticipantIdentity request)
    {
        await participants.RemoveAsync(request.Room, request.Identity);
        return new RemoveParticipantResponse();
    }

    private async Task<IMessage> MutePublishedTrackAsync(MuteRoomTrackRequest request)
    {
        Sfu.Rooms.Tracks.TrackInfo muted =
            await participants.MuteTrackAsync(request.Room, request.Identity, request.TrackSid, request.Muted);
        return new MuteRoomTrackResponse { Track = RoomModels.From(muted) };
    }

    private async Task<IMessage> UpdateParticipantAsync(UpdateParticipantRequest request)
    {
        var change = new ParticipantChange(
            TextOf(request.Name),
            TextOf(request.Metadata),
            request.Attributes,
            request.Permission is { } permission ? RoomModels.Read(permission) : null);
        return RoomModels.From(await participants.UpdateAsync(request.Room, request.Identity, change));
    }

    private async Task<IMessage> UpdateSubscriptionsAsync(UpdateSubscriptionsRequest request)
    {
        IEnumerable<string> sids = request.TrackSids.Concat(request.ParticipantTracks.SelectMany(of => of.TrackSids));
        await tracks.SetSubscriptionsAsync(request.Room, request.Identity, sids, request.Subscribe);
        return new UpdateSubscriptionsResponse();
    }

    private async Task<IMessage> SendDataAsync(SendDataRequest request)
    {
        HashSet<string> sids = [.. request.DestinationSids];
        IEnumerable<string> named = sids.Count == 0
            ? []
            : participants.List(request.Room).Where(participant => sids.Contains(participant.Sid.Value))
                .Select(participant => participant.Identity);
        DataPacketKind kind = request.Kind == SendDataRequest.Types.Kind.Lossy ? DataPacketKind.Lossy : DataPacketKind.Reliable;
        var message = new DataMessage(kind, request.Data.Memory, request.Topic, [.. request.DestinationIdentities, .. named]);
        // Nobody of those who are named is there: that is nobody, not everybody.
        if (sids.Count == 0 || message.Destinations.Length > 0)
            await participants.SendDataAsync(request.Room, message);
        return new SendDataResponse();
    }

    private async Task<IMessage> ForwardParticipantAsync(ForwardParticipantRequest request)
    {
        await participants.ForwardAsync(request.Room, request.Identity, request.DestinationRoom);
        return new ForwardParticipantResponse();
    }

    private async Task<IMessage> MoveParticipantAsync(MoveParticipantRequest request, Caller caller)
    {
        await participants.MoveAsync(caller.ApiKey, request.Room, request.Identity, request.DestinationRoom);
        return new MoveParticipantResponse();
    }

    private static TwirpAnswer Answer<TRequest>(Func<RoomServiceAdapter, TRequest, Caller, Task<IMessage>> answer)
        where TRequest : IMessage => (adapter, request, caller) => answer(adapter, (TRequest)request, caller);

    private static TwirpAnswer AnswerTo(MethodDescriptor method) => Answers.GetValueOrDefault(method.Name)
        ?? throw new InvalidOperationException($"Nothing answers {method.FullName}.");

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
