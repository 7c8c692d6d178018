using Grpc.Core;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Control;

public sealed class LiveStreamCallsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Stream_is_directed_from_its_creation_to_its_end()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        CreateLiveStreamResponse created = await gateway.LiveStreams.CreateLiveStreamAsync(
            new CreateLiveStreamRequest
            { Name = "show", Metadata = "m", Sources = { Slate("bars"), Slate("black", SlatePattern.Black) } }, ControlGateway.Admin);

        Assert.True(created.Created);
        Assert.Equal(("m", true, true), (created.LiveStream.Metadata, created.LiveStream.Kept, created.LiveStream.Failover));
        Assert.Equal(["publisher", "bars", "black"], created.LiveStream.Sources.Select(source => source.Spec.Id));
        Assert.Equal(SlatePattern.Black, created.LiveStream.Sources[2].Spec.Slate.Pattern);
        Assert.False((await gateway.LiveStreams.CreateLiveStreamAsync(new CreateLiveStreamRequest { Name = "show" }, ControlGateway.Admin))
            .Created);

        await UntilAsync(gateway, stream => stream.Program == "bars");
        LiveStream preview = (await gateway.LiveStreams.SetPreviewAsync(new SetPreviewRequest
        { LiveStream = "show", Source = "black" }, ControlGateway.Admin)).LiveStream;
        Assert.Equal("black", preview.Preview);
        LiveStream cut = (await gateway.LiveStreams.CutAsync(new CutRequest
        { LiveStream = "show", ExpectedProgram = "bars" }, ControlGateway.Admin)).LiveStream;
        Assert.Contains("black", new[] { cut.Pending, cut.Program });
        LiveStream after = await UntilAsync(gateway, stream => stream.Program == "black");
        Assert.Equal(("bars", ""), (after.Preview, after.Pending));

        LiveStream audio = (await gateway.LiveStreams.SetAudioAsync(new SetAudioRequest
        { LiveStream = "show", Source = "bars" }, ControlGateway.Admin)).LiveStream;
        Assert.Equal("bars", audio.Audio);
        LiveStream updated = (await gateway.LiveStreams.UpdateLiveStreamAsync(new UpdateLiveStreamRequest
        { Name = "show", Failover = false, Metadata = "n" }, ControlGateway.Admin)).LiveStream;
        Assert.Equal((false, "n"), (updated.Failover, updated.Metadata));
        LiveStream without = (await gateway.LiveStreams.RemoveSourceAsync(new RemoveSourceRequest
        { LiveStream = "show", Source = "bars" }, ControlGateway.Admin)).LiveStream;
        Assert.Equal(["publisher", "black"], without.Sources.Select(source => source.Spec.Id));

        await gateway.LiveStreams.DeleteLiveStreamAsync(new DeleteLiveStreamRequest { Name = "show" }, ControlGateway.Admin);
        Assert.Empty((await gateway.LiveStreams.ListLiveStreamsAsync(new ListLiveStreamsRequest(), ControlGateway.Admin)).LiveStreams);
    }

    [Fact]
    public async Task Who_directs_a_stream_needs_the_say_over_its_sources_too()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        Metadata director = ControlGateway.Bearer(new TokenRequest("dora", "show", true, true, TimeSpan.FromHours(1)) { Control = true });
        await gateway.LiveStreams.CreateLiveStreamAsync(new CreateLiveStreamRequest { Name = "show" }, director);
        var stranger = new SourceSpec { Id = "cam", Publisher = new PublisherSource { Stream = "elsewhere" } };
        var member = new SourceSpec { Id = "ada", Participant = new ParticipantSource { Room = "stage", Identity = "ada" } };

        foreach (SourceSpec source in (SourceSpec[])[stranger, member])
        {
            var request = new AddSourceRequest { LiveStream = "show", Source = source };
            Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(async () =>
                await gateway.LiveStreams.AddSourceAsync(request, director))).StatusCode);
            await gateway.LiveStreams.AddSourceAsync(request, ControlGateway.Admin);
        }
        await gateway.LiveStreams.AddSourceAsync(new AddSourceRequest { LiveStream = "show", Source = Slate("bars") }, director);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(
            async () => await gateway.LiveStreams.CreateLiveStreamAsync(new CreateLiveStreamRequest { Name = "other" }, director)))
            .StatusCode);
    }

    [Fact]
    public async Task Source_on_another_worker_is_refused_in_words()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(("Media:Workers", "2"));
        await gateway.LiveStreams.CreateLiveStreamAsync(new CreateLiveStreamRequest { Name = "show" }, ControlGateway.Admin);
        List<StatusCode> codes = [];
        for (int i = 0; i < 20; i++)
        {
            try
            {
                await gateway.LiveStreams.AddSourceAsync(
                    new AddSourceRequest
                    {
                        LiveStream = "show",
                        Source = new SourceSpec
                        { Id = $"c{i}", Publisher = new PublisherSource { Stream = $"camera{i}" } }
                    }, ControlGateway.Admin);
                codes.Add(StatusCode.OK);
            }
            catch (RpcException refusal)
            {
                Assert.Contains("Media:Workers=1", refusal.Status.Detail, StringComparison.Ordinal);
                codes.Add(refusal.StatusCode);
            }
        }
        Assert.Equal([StatusCode.OK, StatusCode.FailedPrecondition], codes.Distinct().Order());
    }

    [Fact]
    public async Task Stream_has_as_many_sources_as_it_may_and_the_gateway_as_many_streams()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(("Limits:MaxStreams", "1"));
        await gateway.LiveStreams.CreateLiveStreamAsync(
            new CreateLiveStreamRequest
            { Name = "show", Sources = { Enumerable.Range(0, 63).Select(number => Slate($"s{number}")) } }, ControlGateway.Admin);

        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(
            async () => await gateway.LiveStreams.AddSourceAsync(new AddSourceRequest
            { LiveStream = "show", Source = Slate("more") }, ControlGateway.Admin))).StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(
            async () => await gateway.LiveStreams.CreateLiveStreamAsync(new CreateLiveStreamRequest
            { Name = "other" }, ControlGateway.Admin))).StatusCode);
    }

    private static SourceSpec Slate(string id, SlatePattern pattern = SlatePattern.Bars) =>
        new() { Id = id, Slate = new SlateSource { Pattern = pattern } };

    /// <summary>Waits for what the passing of time brings, by its events.</summary>
    private static async Task<LiveStream> UntilAsync(ControlGateway gateway, Predicate<LiveStream> isReached)
    {
        using AsyncServerStreamingCall<WatchResponse> watch =
            gateway.Events.Watch(new WatchRequest { LiveStreams = { "show" } }, ControlGateway.Admin);
        while (await watch.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience))
        {
            WatchResponse message = watch.ResponseStream.Current;
            LiveStream? stream = message.LiveStreamUpserted ?? message.SnapshotPart?.LiveStreams.Single();
            if (stream is not null && isReached(stream))
                return stream;
        }
        throw new InvalidOperationException("The watch ended.");
    }
}
