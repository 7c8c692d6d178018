using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.V1;
using DataPacketKind = MediaGateway.V1.DataPacketKind;
using DisconnectReason = MediaGateway.Sfu.Rooms.Members.DisconnectReason;

namespace MediaGateway.Server.Control;

/// <summary>mediagateway.v1.ParticipantService.</summary>
internal sealed class ParticipantCalls(ControlNode node, ApiKeys keys, RoomsOptions options, TimeProvider clock) : ParticipantService.ParticipantServiceBase
{
    private const int MaxDataLength = 60_000;
    private const int MaxTopicLength = 256;

    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinLifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(24);

    public override Task<ListParticipantsResponse> ListParticipants(ListParticipantsRequest request, ServerCallContext context) =>
        Task.FromResult(ListParticipants(request, Caller.Of(context)));

    public override Task<GetParticipantResponse> GetParticipant(GetParticipantRequest request, ServerCallContext context) =>
        Task.FromResult(GetParticipant(request, Caller.Of(context)));

    public override Task<RemoveParticipantResponse> RemoveParticipant(RemoveParticipantRequest request, ServerCallContext context) =>
        RemoveParticipantAsync(request, Caller.Of(context));

    public override Task<UpdateParticipantResponse> UpdateParticipant(UpdateParticipantRequest request, ServerCallContext context) =>
        UpdateParticipantAsync(request, Caller.Of(context));

    public override Task<MuteTrackResponse> MuteTrack(MuteTrackRequest request, ServerCallContext context) => MuteTrackAsync(request, Caller.Of(context));

    public override Task<MoveParticipantResponse> MoveParticipant(MoveParticipantRequest request, ServerCallContext context) =>
        MoveParticipantAsync(request, Caller.Of(context));

    public override Task<ForwardParticipantResponse> ForwardParticipant(ForwardParticipantRequest request, ServerCallContext context) =>
        ForwardParticipantAsync(request, Caller.Of(context));

    public override async Task<StopForwardingResponse> StopForwarding(StopForwardingRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        caller.RequireRoom(request.Room);
        caller.RequireDestination(ControlChecks.RoomName(request.DestinationRoom));
        await node.OnMemberAsync(request.DestinationRoom, request.Identity, (member, now) =>
        {
            if (member is not RemoteMember shown || shown.Origin.Room.Name != request.Room)
                throw new ControlException(ControlError.NotFound, $"{request.Identity} of {request.Room} is not shown in {request.DestinationRoom}.");
            shown.Leave(DisconnectReason.ParticipantRemoved, LeaveAction.Disconnect, now);
            return true;
        });
        return new StopForwardingResponse();
    }

    public override Task<SendDataResponse> SendData(SendDataRequest request, ServerCallContext context) => SendDataAsync(request, Caller.Of(context));

    public override Task<CreateJoinTokenResponse> CreateJoinToken(CreateJoinTokenRequest request, ServerCallContext context) =>
        Task.FromResult(CreateJoinToken(request, Caller.Of(context)));

    public ListParticipantsResponse ListParticipants(ListParticipantsRequest request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        return new ListParticipantsResponse { Participants = { node.RoomOf(request.Room).Participants.Select(ControlModels.Of) } };
    }

    public GetParticipantResponse GetParticipant(GetParticipantRequest request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        return new GetParticipantResponse { Participant = ControlModels.Of(node.ParticipantOf(request.Room, request.Identity)) };
    }

    public async Task<RemoveParticipantResponse> RemoveParticipantAsync(RemoveParticipantRequest request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        await node.OnMemberAsync(request.Room, request.Identity, (member, now) =>
        {
            member.Leave(DisconnectReason.ParticipantRemoved, LeaveAction.Disconnect, now);
            return true;
        });
        return new RemoveParticipantResponse();
    }

    public async Task<UpdateParticipantResponse> UpdateParticipantAsync(UpdateParticipantRequest request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        Sfu.Rooms.Members.ParticipantPermissions? permissions = request.Permissions is null ? null : ControlModels.Read(request.Permissions);
        ParticipantInfo changed = await node.OnParticipantAsync(request.Room, request.Identity, (participant, now) =>
        {
            RequestOutcome outcome = participant.UpdateMetadata(
                request.HasName ? request.Name : null, request.HasMetadata ? request.Metadata : null, request.Attributes, now);
            if (outcome != RequestOutcome.Done)
                throw new ControlException(ControlError.ResourceExhausted, $"Name, metadata and attributes have {Sfu.Rooms.Members.Participant.MaxMetadataLength} characters at most together.");
            if (permissions is not null)
                participant.SetPermissions(permissions with { Agent = participant.Permissions.Agent }, now);
            return participant.Snapshot();
        });
        return new UpdateParticipantResponse { Participant = ControlModels.Of(changed) };
    }

    public async Task<MuteTrackResponse> MuteTrackAsync(MuteTrackRequest request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        TrackInfo track = await node.OnParticipantAsync(request.Room, request.Identity, (participant, now) =>
        {
            var sid = new TrackSid(request.TrackSid);
            return participant.RequireMuted(sid, request.Muted, now) == RequestOutcome.Done && participant.Snapshot().Tracks.FirstOrDefault(track => track.Sid == sid) is { } found
                ? found
                : throw ControlException.TrackNotFound(request.Room, request.TrackSid);
        });
        return new MuteTrackResponse { Track = ControlModels.Of(track) };
    }

    public async Task<MoveParticipantResponse> MoveParticipantAsync(MoveParticipantRequest request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        caller.RequireDestination(ControlChecks.RoomName(request.DestinationRoom));
        RequirePlace(request.DestinationRoom, request.Identity);
        DateTimeOffset now = clock.GetUtcNow();
        await node.OnParticipantAsync(request.Room, request.Identity, (participant, time) =>
        {
            string token = keys.Issue(caller.ApiKey, TokenOf(request.DestinationRoom, participant.Snapshot()), now);
            if (token.Length > TokenValidator.MaxTokenBytes)
                throw new ControlException(ControlError.FailedPrecondition, $"Name, metadata and attributes of {request.Identity} do not fit into the token that takes it there: make them shorter.");
            participant.Move(token, time);
            return true;
        });
        return new MoveParticipantResponse();
    }

    public async Task<ForwardParticipantResponse> ForwardParticipantAsync(ForwardParticipantRequest request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        string destination = ControlChecks.RoomName(request.DestinationRoom);
        caller.RequireDestination(destination);
        if (!node.AreNeighbours(request.Room, destination))
            throw ControlException.AnotherWorker(destination, request.Room);
        JoinResult result = await node.OnWorkerAsync(request.Room, (worker, now) =>
        {
            Sfu.Rooms.Room room = worker.FindRoom(request.Room) ?? throw ControlException.RoomNotFound(request.Room);
            RoomMember member = room.Find(request.Identity) ?? throw ControlException.ParticipantNotFound(request.Room, request.Identity);
            if (member is RemoteMember shown)
                throw ControlException.OnlyShown(shown);
            Sfu.Rooms.Room? other = worker.FindRoom(destination) ?? worker.CreateRoom(destination, RoomDefaults.Of(options), now);
            return other?.Forward((Sfu.Rooms.Members.Participant)member, now) ?? JoinResult.TooManyRooms;
        });
        if (result != JoinResult.Joined)
            throw NotForwarded(result, destination, request.Identity);
        return new ForwardParticipantResponse { Participant = ControlModels.Of(node.ParticipantOf(destination, request.Identity)) };
    }

    public async Task<SendDataResponse> SendDataAsync(SendDataRequest request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        if (request.Data.Length > MaxDataLength)
            throw ControlException.Invalid($"data has {MaxDataLength} bytes at most.");
        if (request.Topic.Length > MaxTopicLength)
            throw ControlException.Invalid($"topic has {MaxTopicLength} characters at most.");
        Sfu.Data.DataPacketKind kind = request.Kind switch
        {
            DataPacketKind.Unspecified or DataPacketKind.Reliable => Sfu.Data.DataPacketKind.Reliable,
            DataPacketKind.Lossy => Sfu.Data.DataPacketKind.Lossy,
            _ => throw ControlException.Invalid("kind is RELIABLE or LOSSY."),
        };
        byte[] packet = UserPackets.Create(kind, request.Data, request.Topic, request.DestinationIdentities);
        ImmutableArray<string> destinations = [.. request.DestinationIdentities];
        int count = await node.OnRoomAsync(request.Room, (room, now) => room.SendData(kind, packet, destinations, now));
        return new SendDataResponse { RecipientCount = count };
    }

    private CreateJoinTokenResponse CreateJoinToken(CreateJoinTokenRequest request, Caller caller)
    {
        caller.RequireRoom(request.Room);
        string room = ControlChecks.RoomName(request.Room);
        string identity = ControlChecks.Identity(request.Identity);
        TimeSpan lifetime = ControlChecks.Timeout(request.Lifetime, "lifetime") ?? DefaultLifetime;
        if (lifetime < MinLifetime || lifetime > MaxLifetime)
            throw ControlException.Invalid("lifetime is a minute to 24 hours.");
        var permissions = request.Permissions is null ? new Sfu.Rooms.Members.ParticipantPermissions() : ControlModels.Read(request.Permissions);
        DateTimeOffset now = clock.GetUtcNow();
        string token = keys.Issue(caller.ApiKey, TokenOf(room, identity, lifetime, request, permissions), now);
        if (token.Length > TokenValidator.MaxTokenBytes)
            throw ControlException.Invalid($"The token would have {token.Length} characters, and may have {TokenValidator.MaxTokenBytes}: make name, metadata or attributes shorter.");
        return new CreateJoinTokenResponse { Token = token, ExpireTime = Timestamp.FromDateTimeOffset(now + lifetime) };
    }

    private static ControlException NotForwarded(JoinResult result, string room, string identity) => result switch
    {
        JoinResult.IdentityTaken => new(ControlError.FailedPrecondition, $"The room {room} has a participant {identity} already."),
        JoinResult.RoomFull => new(ControlError.FailedPrecondition, $"The room {room} has as many participants as it may have."),
        _ => new(ControlError.ResourceExhausted, "The gateway carries as many rooms as it may."),
    };

    private void RequirePlace(string name, string identity)
    {
        if (node.State.Rooms.GetValueOrDefault(name) is not { } room)
        {
            if (!options.AutoCreate)
                throw ControlException.RoomNotFound(name);
            return;
        }
        if (room.Participants.Exists(participant => participant.Identity == identity))
            throw new ControlException(ControlError.FailedPrecondition, $"The room {name} has a participant {identity} already.");
        int max = room.Room.Options.MaxParticipants;
        if (max > 0 && room.Participants.Count(participant => !participant.Permissions.Hidden) >= max)
            throw new ControlException(ControlError.FailedPrecondition, $"The room {name} has as many participants as it may have, {max}.");
    }

    /// <summary>The participant as it is, in another room.</summary>
    private static TokenRequest TokenOf(string room, ParticipantInfo participant) =>
        new(participant.Identity, room, participant.Permissions.CanPublish, participant.Permissions.CanSubscribe, DefaultLifetime)
        {
            Name = participant.Name,
            Metadata = participant.Metadata,
            Attributes = participant.Attributes,
            CanPublishData = participant.Permissions.CanPublishData,
            CanPublishSources = participant.Permissions.CanPublishSources,
            CanUpdateOwnMetadata = participant.Permissions.CanUpdateMetadata,
            Hidden = participant.Permissions.Hidden,
            Recorder = participant.Permissions.Recorder,
        };

    private static TokenRequest TokenOf(
        string room, string identity, TimeSpan lifetime, CreateJoinTokenRequest request, Sfu.Rooms.Members.ParticipantPermissions permissions) =>
        new(identity, room, permissions.CanPublish, permissions.CanSubscribe, lifetime)
        {
            Name = request.Name,
            Metadata = ControlChecks.Metadata(request.Metadata),
            Attributes = request.Attributes.ToImmutableDictionary(),
            CanPublishData = permissions.CanPublishData,
            CanPublishSources = permissions.CanPublishSources,
            CanUpdateOwnMetadata = permissions.CanUpdateMetadata,
            Hidden = permissions.Hidden,
            Recorder = permissions.Recorder,
        };
}
