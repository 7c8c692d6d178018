using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Server.Options;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Server.Operations;

/// <summary>Operations on the participants of a room, for callers who may: the gate has seen to that.</summary>
internal sealed class ParticipantOperations(WorkerCommands commands, EventLog log, ApiKeys keys, RoomsOptions options, TimeProvider clock)
{
    private const int MaxDataLength = 60_000;
    private const int MaxTopicLength = 256;

    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinLifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(24);

    /// <summary>All participants of a room, in the order they joined.</summary>
    /// <exception cref="ContractException">NotFound.</exception>
    public IReadOnlyList<ParticipantInfo> List(string room) => log.State.RequireRoom(room).Participants;

    /// <exception cref="ContractException">NotFound.</exception>
    public ParticipantInfo Get(string room, string identity) => log.State.RequireParticipant(room, identity);

    /// <exception cref="ContractException">NotFound.</exception>
    public Task RemoveAsync(string room, string identity) =>
        commands.OnMemberAsync(room, identity, static (member, now) =>
            member.Leave(DisconnectReason.ParticipantRemoved, LeaveAction.Disconnect, now));

    /// <summary>Changes a participant, and gives it as it was right after.</summary>
    /// <exception cref="ContractException">InvalidArgument, NotFound or ResourceExhausted.</exception>
    public Task<ParticipantInfo> UpdateAsync(string room, string identity, ParticipantChange change)
    {
        ParticipantPermissions? permitted = change.Permissions is { } wanted ? Checked(wanted) : null;
        return commands.OnParticipantAsync(room, identity, (participant, now) =>
        {
            if (participant.UpdateMetadata(change.Name, change.Metadata, change.Attributes, now) != RequestOutcome.Done)
                throw new ContractException(ErrorCode.LimitReached,
                    $"Name, metadata and attributes have {Participant.MaxMetadataLength} characters at most together.");
            if (permitted is not null)
                participant.SetPermissions(permitted with { Agent = participant.Permissions.Agent }, now);
            return participant.Snapshot();
        });
    }

    /// <summary>Mutes a track, or lets it be heard or seen again, and gives it as it was right after.</summary>
    /// <exception cref="ContractException">NotFound or FailedPrecondition.</exception>
    public Task<TrackInfo> MuteTrackAsync(string room, string identity, string track, bool muted) =>
        commands.OnParticipantAsync(room, identity, (participant, now) =>
        {
            var sid = new TrackSid(track);
            return participant.RequireMuted(sid, muted, now) == RequestOutcome.Done
                && participant.Snapshot().Tracks.FirstOrDefault(track => track.Sid == sid) is { } found
                ? found
                : throw Refusal.TrackNotFound(room, track);
        });

    /// <summary>Sends a participant to another room, with a token that lets it join there as it is here.</summary>
    /// <exception cref="ContractException">InvalidArgument, NotFound or FailedPrecondition.</exception>
    public async Task MoveAsync(string apiKey, string room, string identity, string destination)
    {
        Arguments.RequireRoomName(destination);
        RequirePlace(destination, identity);
        DateTimeOffset issued = clock.GetUtcNow();
        await commands.OnParticipantAsync(room, identity, (participant, now) =>
        {
            string token = keys.Issue(apiKey, TokenOf(destination, participant.Snapshot()), issued);
            if (token.Length > TokenValidator.MaxTokenBytes)
                throw new ContractException(ErrorCode.TokenTooLarge,
                    $"Name, metadata and attributes of {identity} do not fit into the token that takes it there: make them shorter.");
            participant.Move(token, now);
        });
    }

    /// <summary>Shows a participant in another room too, and gives it as it is there.</summary>
    /// <exception cref="ContractException">
    /// InvalidArgument, NotFound, FailedPrecondition or ResourceExhausted.
    /// </exception>
    public async Task<ParticipantInfo> ForwardAsync(string room, string identity, string destination)
    {
        Arguments.RequireRoomName(destination);
        if (!commands.AreNeighbours(room, destination))
            throw Refusal.AnotherWorker(destination, room);
        JoinResult result = await commands.OnWorkerAsync(room, (worker, now) =>
        {
            Room from = worker.Rooms.Find(room) ?? throw Refusal.RoomNotFound(room);
            RoomMember member = from.Find(identity) ?? throw Refusal.ParticipantNotFound(room, identity);
            Participant origin = WorkerCommands.RequireParticipant(member);
            Room? to = worker.Rooms.Find(destination) ?? worker.Rooms.Create(destination, RoomDefaults.Of(options), now);
            return to?.Forward(origin, now) ?? JoinResult.TooManyRooms;
        });
        return result == JoinResult.Joined ? log.State.RequireParticipant(destination, identity)
            : throw NotForwarded(result, destination, identity);
    }

    /// <summary>Shows a participant no longer in another room.</summary>
    /// <exception cref="ContractException">InvalidArgument or NotFound.</exception>
    public Task StopForwardingAsync(string room, string identity, string destination)
    {
        Arguments.RequireRoomName(destination);
        return commands.OnMemberAsync(destination, identity, (member, now) =>
        {
            if (member is not RemoteMember shown || shown.Origin.Room.Name != room)
                throw new ContractException(ErrorCode.ParticipantNotFound, $"{identity} of {room} is not shown in {destination}.");
            shown.Leave(DisconnectReason.ParticipantRemoved, LeaveAction.Disconnect, now);
        });
    }

    /// <summary>Sends data to participants, and gives the number of those it went to.</summary>
    /// <exception cref="ContractException">InvalidArgument or NotFound.</exception>
    public Task<int> SendDataAsync(string room, DataMessage message)
    {
        if (message.Payload.Length > MaxDataLength)
            throw Refusal.Invalid("data", $"data has {MaxDataLength} bytes at most.");
        if (message.Topic.Length > MaxTopicLength)
            throw Refusal.Invalid("topic", $"topic has {MaxTopicLength} characters at most.");
        byte[] packet = UserPackets.Create(message);
        return commands.OnRoomAsync(room, (found, now) => found.SendData(message.Kind, packet, message.Destinations, now));
    }

    /// <summary>Signs a token with the caller's own key.</summary>
    /// <exception cref="ContractException">InvalidArgument.</exception>
    public (string Token, DateTimeOffset Expires) CreateJoinToken(string apiKey, JoinTokenRequest request)
    {
        Arguments.RequireRoomName(request.Room);
        Arguments.RequireIdentity(request.Identity);
        TimeSpan lifetime = request.Lifetime ?? DefaultLifetime;
        if (lifetime < MinLifetime || lifetime > MaxLifetime)
            throw Refusal.Invalid("lifetime", "lifetime is a minute to 24 hours.");
        DateTimeOffset now = clock.GetUtcNow();
        string token = keys.Issue(apiKey, TokenOf(request, lifetime), now);
        if (token.Length > TokenValidator.MaxTokenBytes)
            throw Refusal.Invalid($"The token would have {token.Length} characters, and may have {TokenValidator.MaxTokenBytes}: make "
                + "name, metadata or attributes shorter.");
        return (token, now + lifetime);
    }

    private static ParticipantPermissions Checked(ParticipantPermissions permissions)
    {
        if (permissions.CanPublishSources.Contains(TrackSource.Unknown))
            throw Refusal.Invalid("A track's source is CAMERA, MICROPHONE, SCREEN_SHARE or SCREEN_SHARE_AUDIO.");
        return permissions with { CanPublishSources = [.. permissions.CanPublishSources.Distinct()] };
    }

    private static ContractException NotForwarded(JoinResult result, string room, string identity) => result switch
    {
        JoinResult.IdentityTaken => new(ErrorCode.IdentityTaken, $"The room {room} has a participant {identity} already."),
        JoinResult.RoomFull => new(ErrorCode.RoomFull, $"The room {room} has as many participants as it may have."),
        _ => new(ErrorCode.AtCapacity, "The gateway carries as many rooms as it may."),
    };

    private void RequirePlace(string name, string identity)
    {
        if (log.State.Rooms.GetValueOrDefault(name) is not { } room)
        {
            if (!options.AutoCreate)
                throw Refusal.RoomNotFound(name);
            return;
        }
        if (room.Participants.Exists(participant => participant.Identity == identity))
            throw new ContractException(ErrorCode.IdentityTaken, $"The room {name} has a participant {identity} already.");
        int max = room.Room.Options.MaxParticipants;
        if (max > 0 && room.Participants.Count(participant => !participant.Permissions.Hidden) >= max)
            throw new ContractException(ErrorCode.RoomFull, $"The room {name} has as many participants as it may have, {max}.");
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

    private static TokenRequest TokenOf(JoinTokenRequest request, TimeSpan lifetime) =>
        new(request.Identity, request.Room, request.Permissions.CanPublish, request.Permissions.CanSubscribe, lifetime)
        {
            Name = request.Name,
            Metadata = Arguments.RequireMetadata(request.Metadata),
            Attributes = request.Attributes,
            CanPublishData = request.Permissions.CanPublishData,
            CanPublishSources = request.Permissions.CanPublishSources,
            CanUpdateOwnMetadata = request.Permissions.CanUpdateMetadata,
            Hidden = request.Permissions.Hidden,
            Recorder = request.Permissions.Recorder,
        };
}
