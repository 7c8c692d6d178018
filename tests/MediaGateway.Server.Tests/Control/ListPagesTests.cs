using System.Buffers.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Surfaces.Control;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.V1;
using Publication = MediaGateway.V1.Publication;
using Subscription = MediaGateway.V1.Subscription;
using TrackSource = MediaGateway.Sfu.Rooms.Tracks.TrackSource;

namespace MediaGateway.Server.Tests.Control;

/// <summary>Tests of lists that come by pages, as https://google.aip.dev/158 says.</summary>
public sealed class ListPagesTests
{
    [Fact]
    public void Every_list_of_the_contracts_comes_by_pages()
    {
        MethodDescriptor[] lists = [.. ControlContracts.Methods.Where(method => method.Name.StartsWith("List", StringComparison.Ordinal))];
        Assert.Equal(7, lists.Length);
        Assert.All(lists, method =>
        {
            Assert.Equal(FieldType.Int32, method.InputType.FindFieldByName("page_size")?.FieldType);
            Assert.Equal(FieldType.String, method.InputType.FindFieldByName("page_token")?.FieldType);
            Assert.Equal(FieldType.String, method.OutputType.FindFieldByName("next_page_token")?.FieldType);
        });
    }

    [Fact]
    public async Task Participant_who_stays_is_listed_once_in_the_order_of_joins_whoever_comes_and_goes_between_the_pages()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        string[] stay = [.. Enumerable.Range(0, 12).Select(number => $"stays{(number * 7) % 12}")];
        List<string> leave = [];
        foreach (string identity in stay)
        {
            await gateway.JoinAsync("stage", identity);
            leave.Add("leaves" + identity);
            await gateway.JoinAsync("stage", leave[^1]);
        }

        List<string> seen = [];
        string token = "";
        do
        {
            ListParticipantsResponse page = await gateway.Participants.ListParticipantsAsync(new ListParticipantsRequest
            { Room = "stage", PageSize = 5, PageToken = token }, ControlGateway.Admin);
            Assert.InRange(page.Participants.Count, 1, 5);
            seen.AddRange(page.Participants.Select(participant => participant.Identity));
            token = page.NextPageToken;
            // The last of this page leaves, whom the token names, and somebody who is still to come, and somebody new joins.
            string[] gone = [seen.Last(leave.Contains), leave[^1]];
            foreach (string identity in gone.Where(leave.Remove).ToArray())
            {
                await gateway.Participants.RemoveParticipantAsync(new RemoveParticipantRequest
                { Room = "stage", Identity = identity }, ControlGateway.Admin);
            }
            if (seen.Count < 12)
                await gateway.JoinAsync("stage", $"new{seen.Count}");
        }
        while (token.Length > 0);

        Assert.Equal(stay, seen.Where(identity => identity.StartsWith("stays", StringComparison.Ordinal)));
        Assert.Equal(seen.Distinct(), seen);
        Assert.Equal(["new10", "new5"], seen.Where(identity => identity.StartsWith("new", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task Tracks_and_their_subscriptions_come_by_pages_in_one_order()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        string[] identities = ["cleo", "ada", "ben"];
        foreach (string identity in identities)
            await PublishAsync(await gateway.JoinAsync("stage", identity));

        List<Publication> publications = await AllAsync(token => gateway.Tracks.ListPublicationsAsync(new ListPublicationsRequest
        { Room = "stage", PageSize = 1, PageToken = token }, ControlGateway.Admin), page => (page.Publications, page.NextPageToken));
        List<Subscription> subscriptions = await AllAsync(token => gateway.Tracks.ListSubscriptionsAsync(new ListSubscriptionsRequest
        { Room = "stage", PageSize = 5, PageToken = token }, ControlGateway.Admin), page => (page.Subscriptions, page.NextPageToken));
        List<Subscription> ofAda = await AllAsync(token => gateway.Tracks.ListSubscriptionsAsync(new ListSubscriptionsRequest
        { Room = "stage", Identity = "ada", PageSize = 2, PageToken = token }, ControlGateway.Admin), page =>
            (page.Subscriptions, page.NextPageToken));

        Assert.Equal(identities.SelectMany(identity => new[] { identity, identity }), publications.Select(one => one.Identity));
        Assert.Equal(6, publications.Select(one => one.Track.Sid).Distinct().Count());
        Assert.Equal(
            identities.SelectMany(identity => Enumerable.Repeat(identity, 4)),
            subscriptions.Select(one => one.SubscriberIdentity));
        Assert.Equal(12, subscriptions.Select(one => (one.SubscriberIdentity, one.TrackSid)).Distinct().Count());
        Assert.Equal(subscriptions.Where(one => one.SubscriberIdentity == "ada").Select(one => one.TrackSid),
            ofAda.Select(one => one.TrackSid));
    }

    [Fact]
    public async Task Workers_and_streams_come_by_pages()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(("Media:Workers", "3"));
        foreach (string name in (string[])["c", "a", "b"])
            await gateway.LiveStreams.CreateLiveStreamAsync(new CreateLiveStreamRequest { Name = name }, ControlGateway.Admin);

        List<WorkerStats> workers = await AllAsync(token => gateway.Node.ListWorkersAsync(new ListWorkersRequest
        { PageSize = 1, PageToken = token }, ControlGateway.Admin), page => (page.Workers, page.NextPageToken));
        List<LiveStream> streams = await AllAsync(token => gateway.LiveStreams.ListLiveStreamsAsync(new ListLiveStreamsRequest
        { PageSize = 2, PageToken = token }, ControlGateway.Admin), page => (page.LiveStreams, page.NextPageToken));

        Assert.Equal([0, 1, 2], workers.Select(worker => worker.Index));
        Assert.Equal(["a", "b", "c"], streams.Select(stream => stream.Name));
    }

    [Fact]
    public async Task Token_that_is_none_of_this_list_is_refused_with_a_code_of_its_own()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        foreach (string identity in (string[])["ada", "ben"])
        {
            await gateway.JoinAsync("stage", identity);
            await gateway.JoinAsync("other", identity);
        }
        string ofStage = (await gateway.Participants.ListParticipantsAsync(new ListParticipantsRequest
        { Room = "stage", PageSize = 1 }, ControlGateway.Admin)).NextPageToken;
        string ofRooms = (await gateway.Rooms.ListRoomsAsync(new ListRoomsRequest { PageSize = 1 }, ControlGateway.Admin)).NextPageToken;
        Assert.NotEmpty(ofRooms);

        // Another size of the page is no other list.
        Assert.Equal("ben", Assert.Single((await gateway.Participants.ListParticipantsAsync(new ListParticipantsRequest
        { Room = "stage", PageSize = 7, PageToken = ofStage }, ControlGateway.Admin)).Participants).Identity);
        foreach ((string room, string token) in ((string, string)[])[
            ("stage", "?"), ("stage", "a"), ("stage", Base64Url.EncodeToString("short"u8)), ("stage", ofRooms), ("other", ofStage)])
        {
            RpcException refusal = await Assert.ThrowsAsync<RpcException>(async () => await gateway.Participants.ListParticipantsAsync(
                new ListParticipantsRequest { Room = room, PageToken = token }, ControlGateway.Admin));
            Google.Rpc.Status status = refusal.GetRpcStatus()!;
            Assert.Equal((StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN", "page_token"), (refusal.StatusCode,
                status.GetDetail<ErrorInfo>()!.Reason, Assert.Single(status.GetDetail<BadRequest>()!.FieldViolations).Field));
        }
    }

    [Fact]
    public void Page_is_a_hundred_entries_unless_another_size_is_asked_for_and_a_thousand_at_most()
    {
        foreach ((int asked, int expected) in ((int, int)[])[(0, 100), (1, 1), (1_000, 1_000), (1_001, 1_000), (int.MaxValue, 1_000)])
            Assert.Equal(new PageRange("", expected), PageTokens.Read(new ListRoomsRequest { PageSize = asked }));
    }

    private static async Task<List<T>> AllAsync<TPage, T>(
        Func<string, AsyncUnaryCall<TPage>> call, Func<TPage, (IEnumerable<T> Items, string Next)> read)
        where TPage : IMessage
    {
        List<T> all = [];
        string token = "";
        do
        {
            (IEnumerable<T> items, token) = read(await call(token));
            all.AddRange(items);
        }
        while (token.Length > 0);
        return all;
    }

    private static async Task PublishAsync(JoinedParticipant participant)
    {
        await participant.Participant.AddTrackAsync(new TrackRequest
        { Cid = "mic", Kind = Rtc.Primitives.MediaKind.Audio, Source = TrackSource.Microphone });
        await participant.Participant.AddTrackAsync(new TrackRequest
        { Cid = "cam", Kind = Rtc.Primitives.MediaKind.Video, Source = TrackSource.Camera, Width = 640, Height = 360 });
        await participant.Participant.OnOfferAsync(1, PublishingOffer.Create());
    }
}
