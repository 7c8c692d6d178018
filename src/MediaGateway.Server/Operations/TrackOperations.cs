using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Contracts;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Server.Operations;

/// <summary>Operations on the tracks of a room, for callers who may: the gate has seen to that.</summary>
internal sealed class TrackOperations(WorkerCommands commands)
{
    /// <param name="room">The room.</param>
    /// <param name="identity">Whose tracks; empty for everybody's.</param>
    /// <param name="range">The page of them.</param>
    /// <exception cref="ContractException">NotFound.</exception>
    public Task<Page<PublicationStats>> MeasurePublicationsAsync(string room, string identity, PageRange range) =>
        commands.OnRoomAsync(room, (found, now) => range
            .Take(From(Chosen(found, identity), range).SelectMany(member => member.Publications
                .Select(track => KeyValuePair.Create(ListKeys.Of(member, track.Sid), track))
                .OrderBy(entry => entry.Key, StringComparer.Ordinal)))
            .Select(track => track.Measure(now)));

    /// <param name="room">The room.</param>
    /// <param name="identity">Whose subscriptions; empty for everybody's.</param>
    /// <param name="range">The page of them.</param>
    /// <exception cref="ContractException">NotFound.</exception>
    public Task<Page<SubscriptionStats>> MeasureSubscriptionsAsync(string room, string identity, PageRange range) =>
        commands.OnRoomAsync(room, (found, _) => range
            .Take(From(Chosen(found, identity), range).OfType<Participant>().SelectMany(participant => participant.MeasureSubscriptions()
                .Select(stats => KeyValuePair.Create(ListKeys.Of(participant, stats.Track), stats))
                .OrderBy(entry => entry.Key, StringComparer.Ordinal))));

    /// <summary>
    /// All tracks of a room, all subscriptions to them and its participants' lines, or only these, for a report; null when there is no such
    /// room.
    /// </summary>
    public Task<RoomMeasurement?> MeasureRoomAsync(string room, bool linesOnly) =>
        commands.OnWorkerAsync(room, (worker, now) => worker.Rooms.Find(room) is { } found
        ? new RoomMeasurement(
            linesOnly ? [] : [.. found.Members.SelectMany(member => member.Publications).Select(track => track.Measure(now))],
            linesOnly ? [] : [.. found.Participants.SelectMany(participant => participant.MeasureSubscriptions())],
            [.. found.Participants.Select(participant => participant.MeasureLine()).OfType<ParticipantLine>()])
        : null);

    /// <exception cref="ContractException">NotFound.</exception>
    public Task SetSubscriptionsAsync(string room, string identity, IEnumerable<string> tracks, bool subscribe) =>
        commands.OnParticipantAsync(room, identity, (participant, now) =>
            participant.SetSubscriptions([.. tracks.Select(sid => Find(participant.Room, sid).Sid)], subscribe, now));

    /// <summary>Limits what of a video track is forwarded.</summary>
    /// <param name="room">The room.</param>
    /// <param name="track">The track's sid.</param>
    /// <param name="subscriber">The participant that the limits are for; empty for all that have none of their own.</param>
    /// <param name="limits">The limits.</param>
    /// <exception cref="ContractException">InvalidArgument, NotFound or ResourceExhausted.</exception>
    public Task SetLimitsAsync(string room, string track, string subscriber, TrackLimits limits)
    {
        if (subscriber.Length > 0)
            Arguments.RequireIdentity(subscriber);
        return commands.OnRoomAsync(room, (found, now) =>
        {
            TrackPublication publication = Find(found, track);
            if (publication.Kind != MediaKind.Video)
                throw Refusal.Invalid($"The track {track} is audio: it has no layers to limit.");
            if (!publication.SetLimits(subscriber, limits, now))
                throw new ContractException(ErrorCode.LimitReached, "As many participants have limits of their own as may.");
        });
    }

    /// <summary>Asks the publisher of a video track for a key frame.</summary>
    /// <exception cref="ContractException">InvalidArgument or NotFound.</exception>
    public Task RequestKeyFrameAsync(string room, string track) => commands.OnRoomAsync(room, (found, now) =>
    {
        TrackPublication publication = Find(found, track);
        if (publication.Kind != MediaKind.Video)
            throw Refusal.Invalid($"The track {track} is audio: it has no key frames.");
        publication.RequestKeyFrame(now);
    });

    private static TrackPublication Find(Room room, string sid) => room.FindTrack(new TrackSid(sid))
        ?? throw Refusal.TrackNotFound(room.Name, sid);

    /// <summary>The members from the one on whose entries a page goes on with.</summary>
    private static IEnumerable<RoomMember> From(ImmutableArray<RoomMember> members, PageRange range) => members.SkipWhile(member =>
        ListKeys.Of(member) is var key && string.CompareOrdinal(key, 0, range.After, 0, key.Length) < 0);

    private static ImmutableArray<RoomMember> Chosen(Room room, string identity) => identity.Length == 0
        ? room.Members
        : [room.Find(identity) ?? throw Refusal.ParticipantNotFound(room.Name, identity)];
}
