using Grpc.Core;
using Grpc.Net.Client;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Control;

/// <summary>The example of docs/control-api.md, which a test of the page compares with this file.</summary>
public sealed class DocumentedExampleTests
{
    [Fact]
    public async Task Example_creates_the_stream_and_is_told_that_the_camera_sends_nothing()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        await DirectAsync(gateway.ControlUrl, ControlGateway.Admin.GetValue("authorization")!["Bearer ".Length..]);

        LiveStream show = (await gateway.LiveStreams.GetLiveStreamAsync(new GetLiveStreamRequest { Name = "show" }, ControlGateway.Admin))
            .LiveStream;
        Assert.Equal("cam", show.Preview);
        Assert.Equal(["publisher", "bars", "cam"], show.Sources.Select(source => source.Spec.Id));
    }

    private static async Task DirectAsync(string address, string token)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(address);
        var streams = new LiveStreamService.LiveStreamServiceClient(channel);
        var bearer = new Metadata { { "authorization", "Bearer " + token } };
        await streams.CreateLiveStreamAsync(new CreateLiveStreamRequest
        {
            Name = "show",
            Sources =
            {
                new SourceSpec { Id = "bars", Slate = new SlateSource() },
                new SourceSpec { Id = "cam", Publisher = new PublisherSource { Stream = "camera1" } },
            },
        }, bearer);
        await streams.SetPreviewAsync(new SetPreviewRequest { LiveStream = "show", Source = "cam" }, bearer);
        try
        {
            await streams.CutAsync(new CutRequest { LiveStream = "show" }, bearer);
        }
        catch (RpcException refusal)
        {
            Console.WriteLine($"{refusal.StatusCode}: {refusal.Status.Detail}");
        }
    }
}
