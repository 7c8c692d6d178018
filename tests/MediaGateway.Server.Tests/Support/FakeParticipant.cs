using System.Collections.Immutable;
using System.Threading.Channels;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Connections;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Server.Tests.Support;

/// <summary>Records what it is asked, as text, and gives the outcome that it is told.</summary>
internal sealed class FakeParticipant(ParticipantSid sid, RoomName room, ParticipantOptions options, IParticipantObserver observer)
    : IRoomParticipant
{
    public const uint LastReliableSequence = 41;

    private readonly Channel<object> _calls = Channel.CreateUnbounded<object>();
    private IParticipantObserver _observer = observer;

    public ParticipantSid Sid => sid;

    public RoomName Room => room;

    public ParticipantOptions Options => options;

    public RequestOutcome Outcome { get; set; } = RequestOutcome.Done;

    /// <summary>Exception, as of a bug, that every call throws; null for none.</summary>
    public Exception? Bug { get; set; }

    public bool HasLeft { get; private set; }

    public ParticipantInfo Info => new()
    {
        Sid = sid,
        Identity = options.Identity,
        Name = options.Name,
        Metadata = options.Metadata,
        Attributes = options.Attributes,
        Kind = options.Kind,
        State = ParticipantState.Joined,
        Permissions = options.Permissions,
        JoinedAt = 1_700_000_000_456,
        Tracks = [],
        IsPublisher = false,
        Version = 1,
        ClientProtocol = options.ClientProtocol,
        Capabilities = options.Capabilities,
    };

    public void Notify(RoomNotification notification)
    {
        HasLeft |= notification is RoomNotification.Left;
        _observer.OnNotification(notification);
    }

    public void Resume(IParticipantObserver observer)
    {
        _observer.OnNotification(new RoomNotification.Superseded());
        _observer = observer;
    }

    /// <summary>The next call, within a few seconds.</summary>
    public async Task<object> NextAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        return await _calls.Reader.ReadAsync(patience.Token);
    }

    public bool HasCalls => _calls.Reader.Count > 0;

    public Task OnOfferAsync(uint id, SessionDescription offer) => Record($"offer {id} {offer.Media.Length}");

    public Task OnAnswerAsync(uint id, SessionDescription answer) => Record($"answer {id} {answer.Media.Length}");

    public Task OnCandidateAsync(SignalTarget target, IceCandidate candidate) => Record($"candidate {target} {candidate.Address}");

    public Task<RequestOutcome> AddTrackAsync(TrackRequest request) => Record(request);

    public Task<RequestOutcome> SetMutedAsync(TrackSid track, bool muted) => Record($"mute {track} {muted}");

    public Task SetSubscriptionsAsync(ImmutableArray<TrackSid> tracks, bool subscribe) =>
        Record($"subscribe {string.Join(' ', tracks)} {subscribe}");

    public Task SetTrackSettingsAsync(ImmutableArray<TrackSid> tracks, TrackSettings settings) =>
        Record($"settings {string.Join(' ', tracks)} {settings}");

    public Task<RequestOutcome> UpdateMetadataAsync(string? name, string? metadata, IReadOnlyDictionary<string, string> attributes)
        => Record(
            $"metadata {name ?? "null"} {metadata ?? "null"} {string.Join(' ', attributes.Select(pair => $"{pair.Key}={pair.Value}"))}");

    public Task SetSubscriptionPermissionsAsync(bool allParticipants, ImmutableArray<TrackPermission> permissions)
        => Record($"permissions {allParticipants} "
            + string.Join(' ', permissions.Select(permission =>
                $"{permission.Participant}/{permission.Identity}/{permission.AllTracks}/{string.Join('+', permission.Tracks)}")));

    public Task<RequestOutcome> CapLineAsync(Bitrate? cap) => Record($"cap {cap?.ToString() ?? "none"}");

    public Task OnSyncStateAsync(SyncState state) => Record(state);

    public Task OnSignalLostAsync(IParticipantObserver observer) => observer == _observer
        && !HasLeft ? Record("signal lost") : Task.CompletedTask;

    public Task LeaveAsync(DisconnectReason reason, LeaveAction action)
    {
        Notify(new RoomNotification.Left(reason, action));
        return Record($"leave {reason} {action}");
    }

    private Task<RequestOutcome> Record(object call)
    {
        _calls.Writer.TryWrite(call);
        return Bug is null ? Task.FromResult(Outcome) : Task.FromException<RequestOutcome>(Bug);
    }
}
