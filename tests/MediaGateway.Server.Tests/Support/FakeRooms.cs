using System.Collections.Concurrent;
using System.Collections.Immutable;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;

namespace MediaGateway.Server.Tests.Support;

/// <summary>Rooms without media: they keep who joined, and record what was asked.</summary>
internal sealed class FakeRooms : IRooms
{
    private readonly ConcurrentDictionary<string, FakeParticipant> _participants = new(StringComparer.Ordinal);
    private int _joins;

    /// <summary>Exception that the next call throws; null for none.</summary>
    public ContractException? Failure { get; set; }

    /// <summary>Participants that the next one to join finds in the room.</summary>
    public ImmutableArray<ParticipantInfo> Others { get; set; } = [];

    /// <summary>True when the last one to join was allowed to open the room.</summary>
    public bool MayCreate { get; private set; }

    /// <summary>True when a drain removes everybody.</summary>
    public bool TellsOfDrain { get; set; } = true;

    public FakeParticipant this[string identity] => _participants[identity];

    public Task RequireJoinableAsync(RoomName room, bool mayCreate, CancellationToken cancellationToken)
    {
        ThrowIfTold();
        return Task.CompletedTask;
    }

    public Task<JoinedRoom> JoinAsync(RoomName room, bool mayCreate, ParticipantOptions options, IParticipantObserver observer)
    {
        ThrowIfTold();
        MayCreate = mayCreate;
        FakeParticipant participant = new(new ParticipantSid($"PA_{Interlocked.Increment(ref _joins)}"), room, options, observer);
        if (_participants.TryRemove(options.Identity, out FakeParticipant? earlier))
            earlier.Notify(new RoomNotification.Left(DisconnectReason.DuplicateIdentity, LeaveAction.Disconnect));
        _participants[options.Identity] = participant;
        return Task.FromResult(new JoinedRoom(participant, RoomInfoOf(room), participant.Info, Others));
    }

    public Task<ResumedParticipant?> ResumeAsync(RoomName room, ParticipantIdentity identity, ParticipantSid? sid,
        IParticipantObserver observer)
    {
        if (!_participants.TryGetValue(identity.Value, out FakeParticipant? participant)
            || participant.Room != room
            || participant.HasLeft
            || (sid is { } wanted && wanted != participant.Sid))
        {
            return Task.FromResult<ResumedParticipant?>(null);
        }
        participant.Resume(observer);
        observer.OnNotification(new RoomNotification.ParticipantsChanged([participant.Info]));
        observer.OnNotification(new RoomNotification.RoomChanged(RoomInfoOf(room)));
        return Task.FromResult<ResumedParticipant?>(new ResumedParticipant(participant, FakeParticipant.LastReliableSequence));
    }

    public Task DrainAsync(CancellationToken graceEnded)
    {
        foreach (FakeParticipant participant in TellsOfDrain ? _participants.Values : [])
            participant.Notify(new RoomNotification.Left(DisconnectReason.ServerShutdown, LeaveAction.Reconnect));
        return Task.CompletedTask;
    }

    public static RoomInfo RoomInfoOf(RoomName room) => new(
        new RoomSid("RM_1"), room.Value, new RoomOptions
        { Metadata = "about", MaxParticipants = 7 }, CreatedAt: 1_700_000_000_123, ParticipantCount: 2, PublisherCount: 1);

    private void ThrowIfTold()
    {
        ContractException? failure = Failure;
        Failure = null;
        if (failure is not null)
            throw failure;
    }
}
