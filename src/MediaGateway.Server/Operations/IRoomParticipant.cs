using System.Collections.Immutable;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Connections;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Server.Operations;

/// <summary>
/// A participant as its signaling sees it. Callable from any thread, in order; each task completes on the pool once the
/// worker has done the work. After the participant has left, calls do nothing and answer <see cref="RequestOutcome.NotFound"/>.
/// </summary>
internal interface IRoomParticipant
{
    public ParticipantSid Sid { get; }

    /// <summary>Takes the client's offer for the publisher's connection, or for the only one.</summary>
    public Task OnOfferAsync(uint id, SessionDescription offer);

    /// <summary>Takes the client's answer to our offer for the subscriber's connection.</summary>
    public Task OnAnswerAsync(uint id, SessionDescription answer);

    public Task OnCandidateAsync(SignalTarget target, IceCandidate candidate);

    public Task<RequestOutcome> AddTrackAsync(TrackRequest request);

    public Task<RequestOutcome> SetMutedAsync(TrackSid track, bool muted);

    public Task SetSubscriptionsAsync(ImmutableArray<TrackSid> tracks, bool subscribe);

    public Task SetTrackSettingsAsync(ImmutableArray<TrackSid> tracks, TrackSettings settings);

    /// <param name="name">Null leaves it.</param>
    /// <param name="metadata">Null leaves it.</param>
    /// <param name="attributes">Merged; an empty value deletes.</param>
    public Task<RequestOutcome> UpdateMetadataAsync(string? name, string? metadata, IReadOnlyDictionary<string, string> attributes);

    public Task SetSubscriptionPermissionsAsync(bool allParticipants, ImmutableArray<TrackPermission> permissions);

    /// <summary>Has the participant's line count as carrying no more than this; null ends it.</summary>
    /// <returns><see cref="RequestOutcome.NotAllowed"/> when the gateway does not look at lines.</returns>
    public Task<RequestOutcome> CapLineAsync(Bitrate? cap);

    public Task OnSyncStateAsync(SyncState state);

    /// <summary>Does nothing when another observer has taken over.</summary>
    public Task OnSignalLostAsync(IParticipantObserver observer);

    public Task LeaveAsync(DisconnectReason reason, LeaveAction action);
}
