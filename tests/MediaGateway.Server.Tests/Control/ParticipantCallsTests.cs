using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Options;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.V1;
using Microsoft.IdentityModel.Tokens;
using DisconnectReason = MediaGateway.Sfu.Rooms.Members.DisconnectReason;
using Participant = MediaGateway.V1.Participant;
using ParticipantState = MediaGateway.V1.ParticipantState;
using TrackSource = MediaGateway.V1.TrackSource;

namespace MediaGateway.Server.Tests.Control;

public sealed class ParticipantCallsTests
{
    [Fact]
    public async Task Participants_are_seen_changed_and_removed()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        JoinedParticipant ada = await gateway.JoinAsync("stage", "ada");
        await gateway.JoinAsync("stage", "ben");

        var change = new UpdateParticipantRequest
        {
            Room = "stage",
            Identity = "ada",
            Name = "Ada",
            Metadata = "m",
            Attributes = { ["role"] = "host", ["gone"] = "" },
            Permissions = new V1.ParticipantPermissions
            { CanSubscribe = true, Hidden = true, CanPublish = true, CanPublishSources = { TrackSource.Microphone } },
        };
        Participant changed = (await gateway.Participants.UpdateParticipantAsync(change, ControlGateway.Admin)).Participant;

        Assert.Equal(("Ada", "m", "host", ParticipantState.Joined),
            (changed.Name, changed.Metadata, changed.Attributes["role"], changed.State));
        Assert.Equal(change.Permissions, changed.Permissions);
        Assert.Equal(changed, (await gateway.Participants.GetParticipantAsync(new GetParticipantRequest
        { Room = "stage", Identity = "ada" }, ControlGateway.Admin)).Participant);
        Assert.True(Assert.Single(ada.Told.All<RoomNotification.PermissionsChanged>()).Permissions.Hidden);
        Assert.Equal(["ada", "ben"], (await ListAsync(gateway)).Select(participant => participant.Identity));
        Assert.Equal(1,
            (await gateway.Rooms.GetRoomAsync(new GetRoomRequest { Name = "stage" }, ControlGateway.Admin)).Room.ParticipantCount);

        await gateway.Participants.RemoveParticipantAsync(new RemoveParticipantRequest
        { Room = "stage", Identity = "ada" }, ControlGateway.Admin);
        Assert.Equal(DisconnectReason.ParticipantRemoved, Assert.Single(ada.Told.All<RoomNotification.Left>()).Reason);
        Assert.Equal(["ben"], (await ListAsync(gateway)).Select(participant => participant.Identity));
    }

    [Fact]
    public async Task Tracks_are_muted_subscribed_to_and_listed_with_their_numbers()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        JoinedParticipant ada = await gateway.JoinAsync("stage", "ada");
        await gateway.JoinAsync("stage", "ben");
        await PublishAsync(ada);
        Participant published = (await gateway.Participants.GetParticipantAsync(new GetParticipantRequest
        { Room = "stage", Identity = "ada" }, ControlGateway.Admin)).Participant;
        Track microphone = published.Tracks.Single(track => track.Source == TrackSource.Microphone),
            camera = published.Tracks.Single(track => track.Source == TrackSource.Camera);

        Assert.Equal(("audio/opus", "video/VP8"), (microphone.MimeType, camera.MimeType));
        Publication[] publications = [.. (
            await gateway.Tracks.ListPublicationsAsync(new ListPublicationsRequest { Room = "stage" }, ControlGateway.Admin)).Publications];
        Assert.Equal(new[] { microphone, camera }.OrderBy(track => track.Sid, StringComparer.Ordinal),
            publications.Select(publication => publication.Track));
        Assert.All(publications, publication => Assert.Equal(("ada", 1), (publication.Identity, publication.SubscriberCount)));
        Assert.Equal(
            [("ada", "ben", camera.Sid), ("ada", "ben", microphone.Sid)],
            (await SubscriptionsAsync(gateway)).OrderBy(one => one.TrackSid != camera.Sid)
                .Select(one => (one.PublisherIdentity, one.SubscriberIdentity, one.TrackSid)));

        Track muted = (await gateway.Participants.MuteTrackAsync(
            new MuteTrackRequest { Room = "stage", Identity = "ada", TrackSid = microphone.Sid, Muted = true }, ControlGateway.Admin))
                .Track;
        Assert.True(muted.Muted);
        Assert.Equal(new RoomNotification.MuteRequired(new TrackSid(microphone.Sid), Muted: true),
            Assert.Single(ada.Told.All<RoomNotification.MuteRequired>()));

        await gateway.Tracks.UpdateSubscriptionsAsync(new UpdateSubscriptionsRequest
        { Room = "stage", Identity = "ben", TrackSids = { camera.Sid } }, ControlGateway.Admin);
        Assert.Equal([microphone.Sid], (await SubscriptionsAsync(gateway)).Select(one => one.TrackSid));
        await gateway.Tracks.UpdateSubscriptionsAsync(new UpdateSubscriptionsRequest
        { Room = "stage", Identity = "ben", TrackSids = { camera.Sid }, Subscribe = true }, ControlGateway.Admin);
        Assert.Equal(2, (await SubscriptionsAsync(gateway)).Length);

        var forBen = new V1.TrackLimits { MaxQuality = V1.VideoQuality.Low };
        var forAll = new V1.TrackLimits { MaxBitsPerSecond = 500_000 };
        await gateway.Tracks.SetTrackLimitsAsync(new SetTrackLimitsRequest
        { Room = "stage", TrackSid = camera.Sid, SubscriberIdentity = "ben", Limits = forBen }, ControlGateway.Admin);
        await gateway.Tracks.SetTrackLimitsAsync(new SetTrackLimitsRequest
        { Room = "stage", TrackSid = camera.Sid, Limits = forAll }, ControlGateway.Admin);
        Assert.Equal(forBen, (await SubscriptionsAsync(gateway)).Single(one => one.TrackSid == camera.Sid).Limits);
        Assert.All((await gateway.Tracks.ListPublicationsAsync(new ListPublicationsRequest
        { Room = "stage" }, ControlGateway.Admin)).Publications, publication =>
            Assert.Equal(publication.Track.Sid == camera.Sid ? forAll : null, publication.Limits));
        await gateway.Tracks.SetTrackLimitsAsync(new SetTrackLimitsRequest
        { Room = "stage", TrackSid = camera.Sid, SubscriberIdentity = "ben" }, ControlGateway.Admin);
        Assert.Null((await SubscriptionsAsync(gateway)).Single(one => one.TrackSid == camera.Sid).Limits);
        foreach (SetTrackLimitsRequest wrong in (SetTrackLimitsRequest[])[
            new() { TrackSid = microphone.Sid }, new() { TrackSid = camera.Sid, Limits = new V1.TrackLimits { MaxBitsPerSecond = -1 } },
                new() { TrackSid = camera.Sid, Limits = new V1.TrackLimits { MaxQuality = (V1.VideoQuality)9 } },
        ])
        {
            wrong.Room = "stage";
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(async () =>
                await gateway.Tracks.SetTrackLimitsAsync(wrong, ControlGateway.Admin))).StatusCode);
        }

        await gateway.Tracks.RequestKeyFrameAsync(new RequestKeyFrameRequest
        { Room = "stage", TrackSid = camera.Sid }, ControlGateway.Admin);
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await gateway.Tracks.RequestKeyFrameAsync(new RequestKeyFrameRequest
            { Room = "stage", TrackSid = microphone.Sid }, ControlGateway.Admin));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    [Fact]
    public async Task Participant_is_shown_in_another_room_and_no_longer()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        await PublishAsync(await gateway.JoinAsync("stage", "ada"));
        var request = new ForwardParticipantRequest { Room = "stage", Identity = "ada", DestinationRoom = "overflow" };

        Participant shown = (await gateway.Participants.ForwardParticipantAsync(request, ControlGateway.Admin)).Participant;
        Assert.Equal(("ada", "stage", ParticipantState.Active, 2), (shown.Identity, shown.ForwardedFrom, shown.State, shown.Tracks.Count));
        Assert.Equal([shown], (await gateway.Participants.ListParticipantsAsync(new ListParticipantsRequest
        { Room = "overflow" }, ControlGateway.Admin)).Participants);
        RpcException again = await Assert.ThrowsAsync<RpcException>(
            async () => await gateway.Participants.ForwardParticipantAsync(new ForwardParticipantRequest
            { Room = "overflow", Identity = "ada", DestinationRoom = "third" }, ControlGateway.Admin));
        RpcException mute = await Assert.ThrowsAsync<RpcException>(
            async () => await gateway.Participants.MuteTrackAsync(new MuteTrackRequest
            { Room = "overflow", Identity = "ada", TrackSid = shown.Tracks[0].Sid, Muted = true }, ControlGateway.Admin));
        Assert.Equal((StatusCode.FailedPrecondition, StatusCode.FailedPrecondition), (again.StatusCode, mute.StatusCode));

        await gateway.Participants.StopForwardingAsync(new StopForwardingRequest
        { Room = "stage", Identity = "ada", DestinationRoom = "overflow" }, ControlGateway.Admin);
        Assert.Empty((await gateway.Participants.ListParticipantsAsync(new ListParticipantsRequest
        { Room = "overflow" }, ControlGateway.Admin)).Participants);
        Assert.Equal(["ada"], (await ListAsync(gateway)).Select(participant => participant.Identity));
    }

    [Fact]
    public async Task Statistics_come_at_the_chosen_interval_for_what_is_named()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        await PublishAsync(await gateway.JoinAsync("stage", "ada"));
        await gateway.LiveStreams.CreateLiveStreamAsync(new CreateLiveStreamRequest { Name = "show" }, ControlGateway.Admin);
        using AsyncServerStreamingCall<WatchStatsResponse> watch = gateway.Stats.WatchStats(
            new WatchStatsRequest
            {
                Interval = Duration.FromTimeSpan(TimeSpan.FromSeconds(0.5)),
                Rooms = { "stage", "none" },
                LiveStreams =
                { "show" },
                IncludeNode = true
            }, ControlGateway.Admin);

        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        WatchStatsResponse first = watch.ResponseStream.Current;
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        WatchStatsResponse second = watch.ResponseStream.Current;

        Assert.Equal(2, Assert.Single(first.Rooms).Publications.Count);
        Assert.Equal("show", Assert.Single(first.LiveStreams).Name);
        Assert.Equal((1, 1), (first.Node.RoomCount, Assert.Single(first.Workers).PeerCount));
        Assert.InRange((second.Time.ToDateTime() - first.Time.ToDateTime()).TotalSeconds, 0.3, 3);

        Metadata ofStage = ControlGateway.Bearer(new TokenRequest("dora", "stage", true, true, TimeSpan.FromHours(1)) { Control = true });
        using AsyncServerStreamingCall<WatchStatsResponse> withoutNode =
            gateway.Stats.WatchStats(new WatchStatsRequest { Rooms = { "stage" } }, ofStage);
        Assert.True(await withoutNode.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Null(withoutNode.ResponseStream.Current.Node);
        using AsyncServerStreamingCall<WatchStatsResponse> withNode =
            gateway.Stats.WatchStats(new WatchStatsRequest { Rooms = { "stage" }, IncludeNode = true }, ofStage);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(async () =>
            await withNode.ResponseStream.MoveNext(CancellationToken.None))).StatusCode);
    }

    [Fact]
    public async Task Data_goes_to_those_who_are_there()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        await gateway.JoinAsync("stage", "ada");
        await gateway.JoinAsync("stage", "ben");
        var request = new SendDataRequest { Room = "stage", Data = ByteString.CopyFromUtf8("hello"), Topic = "t" };

        Assert.Equal(2, (await gateway.Participants.SendDataAsync(request, ControlGateway.Admin)).RecipientCount);
        request.DestinationIdentities.Add(["ben", "ben", "nobody"]);
        Assert.Equal(1, (await gateway.Participants.SendDataAsync(request, ControlGateway.Admin)).RecipientCount);
    }

    [Fact]
    public async Task Join_token_lets_into_the_room_and_nowhere_else()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        CreateJoinTokenResponse made = await gateway.Participants.CreateJoinTokenAsync(
            new CreateJoinTokenRequest
            {
                Room = "stage",
                Identity = "ada",
                Name = "Ada",
                Metadata = "m",
                Attributes = { ["a"] = "b" },
                Lifetime = Duration.FromTimeSpan(TimeSpan.FromMinutes(5)),
                Permissions = new V1.ParticipantPermissions
                { CanSubscribe = true, CanPublish = true, CanPublishSources = { TrackSource.ScreenShare } },
            },
            ControlGateway.Admin);

        var validator = new TokenValidator(new ApiKeys(new AuthOptions
        { Keys = new Dictionary<string, Secret> { [TestGateway.Key] = new(TestGateway.Secret) } }), TimeProvider.System);
        AccessToken token = await validator.ValidateAsync(made.Token);
        Assert.Equal(("ada", "stage", "Ada", "m", "b"),
            (token.Identity.Value, token.RequireJoin().Value, token.Claims.Name, token.Claims.Metadata, token.Claims.Attributes["a"]));
        Assert.Equal((true, true, false, TrackSources.ScreenShare),
            (token.Grant.CanPublish, token.Grant.CanSubscribe, token.Grant.CanPublishData, token.Grant.PublishSources));
        Assert.Equal(EpochTime.GetIntDate(made.ExpireTime.ToDateTime()), EpochTime.GetIntDate(token.Signed.ValidTo));
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await gateway.Participants.ListParticipantsAsync(new ListParticipantsRequest { Room = "stage" }, new Metadata
            { { "authorization", "Bearer " + made.Token } }));
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
    }

    private static async Task PublishAsync(JoinedParticipant participant)
    {
        await participant.Participant.AddTrackAsync(new TrackRequest
        { Cid = "mic", Kind = Rtc.Primitives.MediaKind.Audio, Source = Sfu.Rooms.Tracks.TrackSource.Microphone });
        await participant.Participant.AddTrackAsync(new TrackRequest
        {
            Cid = "cam",
            Kind = Rtc.Primitives.MediaKind.Video,
            Source = Sfu.Rooms.Tracks.TrackSource.Camera,
            Width = 640,
            Height = 360
        });
        await participant.Participant.OnOfferAsync(1, PublishingOffer.Create());
    }

    private static async Task<IEnumerable<Participant>> ListAsync(ControlGateway gateway) =>
        (await gateway.Participants.ListParticipantsAsync(new ListParticipantsRequest { Room = "stage" }, ControlGateway.Admin))
        .Participants;

    private static async Task<Subscription[]> SubscriptionsAsync(ControlGateway gateway) =>
        [.. (await gateway.Tracks.ListSubscriptionsAsync(new ListSubscriptionsRequest { Room = "stage" }, ControlGateway.Admin))
            .Subscriptions];
}
