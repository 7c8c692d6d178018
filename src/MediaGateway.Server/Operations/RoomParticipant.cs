using System.Collections.Immutable;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Server.Node;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Connections;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Server.Operations;

/// <summary>Carries signaling's calls to the worker that a participant lives on.</summary>
internal sealed class RoomParticipant(WorkerHandle worker, Participant participant) : IRoomParticipant
{
    public ParticipantSid Sid => participant.Sid;

    public Task OnOfferAsync(uint id, SessionDescription offer) => InvokeAsync(now => participant.OnOffer(id, offer, now));

    public Task OnAnswerAsync(uint id, SessionDescription answer) => InvokeAsync(now => participant.OnAnswer(id, answer, now));

    public Task OnCandidateAsync(SignalTarget target, IceCandidate candidate) =>
        InvokeAsync(_ => participant.OnCandidate(target, candidate));

    public Task<RequestOutcome> AddTrackAsync(TrackRequest request) => InvokeAsync(now => participant.AddTrack(request, now));

    public Task<RequestOutcome> SetMutedAsync(TrackSid track, bool muted) => InvokeAsync(now => participant.SetMuted(track, muted, now));

    public Task SetSubscriptionsAsync(ImmutableArray<TrackSid> tracks, bool subscribe) =>
        InvokeAsync(now => participant.SetSubscriptions(tracks, subscribe, now));

    public Task SetTrackSettingsAsync(ImmutableArray<TrackSid> tracks, TrackSettings settings) =>
        InvokeAsync(now => participant.SetTrackSettings(tracks, settings, now));

    /// <summary>Changes what a client says of itself, which takes the permission to; a back end needs none.</summary>
    public Task<RequestOutcome> UpdateMetadataAsync(string? name, string? metadata, IReadOnlyDictionary<string, string> attributes) =>
        InvokeAsync(now => participant.Permissions.CanUpdateMetadata ? participant.UpdateMetadata(name, metadata, attributes, now)
        : RequestOutcome.NotAllowed);

    public Task SetSubscriptionPermissionsAsync(bool allParticipants, ImmutableArray<TrackPermission> permissions) =>
        InvokeAsync(now => participant.SetSubscriptionPermissions(allParticipants, permissions, now));

    public Task<RequestOutcome> CapLineAsync(Bitrate? cap) => InvokeAsync(now => participant.CapLine(cap, now));

    public Task OnSyncStateAsync(SyncState state) => InvokeAsync(now => participant.OnSyncState(state, now));

    public Task OnSignalLostAsync(IParticipantObserver observer) => InvokeAsync(now => participant.OnSignalLost(observer, now));

    public Task LeaveAsync(DisconnectReason reason, LeaveAction action) => InvokeAsync(now => participant.Leave(reason, action, now));

    private Task<RequestOutcome> InvokeAsync(Action<MonotonicTime> command) => InvokeAsync(now =>
    {
        command(now);
        return RequestOutcome.Done;
    });

    private Task<RequestOutcome> InvokeAsync(Func<MonotonicTime, RequestOutcome> command) => worker.InvokeAsync((_, now) =>
    {
        if (participant.IsClosed)
            return RequestOutcome.NotFound;
        try
        {
            return command(now);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // A bug: what it left half done goes with the participant, never with the room.
            participant.Leave(DisconnectReason.InternalError, LeaveAction.Reconnect, now);
            throw;
        }
    });
}
