using System.Collections.Immutable;
using MediaGateway.Server.Node;
using MediaGateway.Server.Surfaces.LiveKit.Webhooks;
using MediaGateway.Server.Twirp.Messages;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaKind = MediaGateway.Rtc.Primitives.MediaKind;

namespace MediaGateway.Server.Tests.Webhooks;

public sealed class WebhookEventsTests
{
    private static readonly NodeChange RoomOpened = new NodeChange.RoomUpserted(Room());

    private readonly WebhookEvents _events = new(TimeProvider.System);

    [Fact]
    public void Stay_is_told_from_the_connection_of_its_media_to_its_end()
    {
        Assert.Equal(["room_started"], Names(RoomOpened));
        Assert.Empty(Names(Upserted(ParticipantState.Joined)));
        Assert.Equal(["participant_joined"], Names(Upserted(ParticipantState.Active)));
        Assert.Equal(["track_published"], Names(Upserted(ParticipantState.Active, Track("TR_1"))));
        Assert.Empty(Names(Upserted(ParticipantState.Active, Track("TR_1") with { Muted = true })));
        Assert.Equal(["track_unpublished", "track_published"], Names(Upserted(ParticipantState.Active, Track("TR_2"))));
        Assert.Equal(["track_unpublished"], Names(Upserted(ParticipantState.Disconnected)));
        Assert.Equal(["participant_left"], Names(Removed()));
        Assert.Equal(["room_finished"], Names(new NodeChange.RoomRemoved("stage", new RoomSid("RM_1"))));
    }

    [Fact]
    public void Who_never_connected_was_never_there()
    {
        _ = Names(RoomOpened);
        _ = Names(Upserted(ParticipantState.Joined));
        Assert.Equal(["participant_connection_aborted"], Names(Removed()));
    }

    [Fact]
    public void Tracks_that_are_there_at_the_end_end_before_it()
    {
        _ = Names(RoomOpened);
        _ = Names(Upserted(ParticipantState.Active, Track("TR_1")));
        Assert.Equal(["track_unpublished", "participant_left"], Names(Removed()));
    }

    [Fact]
    public void What_was_missed_is_told_by_what_is_different()
    {
        _ = Names(RoomOpened);
        _ = Names(Upserted(ParticipantState.Active, Track("TR_1")));
        NodeState later = NodeState.Empty
            .With(new NodeChange.RoomUpserted(Room() with { Sid = new RoomSid("RM_2") }))
            .With(new NodeChange.ParticipantUpserted("stage", Participant(ParticipantState.Active) with
            { Sid = new ParticipantSid("PA_2"), Identity = "ben" }));

        Assert.Equal(
            ["track_unpublished ada", "participant_left ada", "room_finished ", "room_started ", "participant_joined ben"],
            _events.CatchUp(later).Select(message => $"{message.Event} {message.Participant?.Identity}"));
    }

    [Fact]
    public void Event_has_its_room_and_an_id_of_its_own()
    {
        _ = Names(RoomOpened);
        WebhookEvent[] told = [.. _events.Of(Upserted(ParticipantState.Active, Track("TR_1")))];
        Assert.Equal(["EV_", "EV_"], told.Select(message => message.Id[..3]));
        Assert.NotEqual(told[0].Id, told[1].Id);
        Assert.All(told, message => Assert.Equal(("stage", "ada"), (message.Room.Name, message.Participant.Identity)));
        Assert.Equal("TR_1", told[1].Track.Sid);
    }

    private string[] Names(NodeChange change) => [.. _events.Of(change).Select(message => message.Event)];

    private static NodeChange Upserted(ParticipantState state, params ImmutableArray<TrackInfo> tracks) =>
        new NodeChange.ParticipantUpserted("stage", Participant(state) with { Tracks = tracks });

    private static NodeChange.ParticipantRemoved Removed() => new("stage", Participant(ParticipantState.Disconnected));

    private static RoomInfo Room() => new(new RoomSid("RM_1"), "stage", new RoomOptions(), 0, 0, 0);

    private static TrackInfo Track(string sid) =>
        new() { Sid = new TrackSid(sid), Kind = MediaKind.Audio, Name = "", Source = TrackSource.Microphone, MimeType = "audio/opus" };

    private static ParticipantInfo Participant(ParticipantState state) => new()
    {
        Sid = new ParticipantSid("PA_1"),
        Identity = "ada",
        Name = "",
        Metadata = "",
        Attributes = ImmutableDictionary<string, string>.Empty,
        Kind = ParticipantKind.Standard,
        State = state,
        Permissions = new ParticipantPermissions(),
        JoinedAt = 0,
        Tracks = [],
        IsPublisher = false,
        Version = 1,
    };
}
