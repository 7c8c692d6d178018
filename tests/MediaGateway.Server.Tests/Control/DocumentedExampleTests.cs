using MediaGateway.Client;
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
        using var gateway = new GatewayClient(address, GatewayCredentials.FromToken(token));
        await gateway.LiveStreams.CreateLiveStreamAsync(new CreateLiveStreamRequest
        {
            Name = "show",
            Sources =
            {
                new SourceSpec { Id = "bars", Slate = new SlateSource() },
                new SourceSpec { Id = "cam", Publisher = new PublisherSource { Stream = "camera1" } },
            },
        });
        await gateway.LiveStreams.SetPreviewAsync(new SetPreviewRequest { LiveStream = "show", Source = "cam" });
        try
        {
            await gateway.LiveStreams.CutAsync(new CutRequest { LiveStream = "show" });
        }
        catch (GatewayException refusal) when (refusal.ErrorCode == GatewayErrorCodes.SourceNotLive)
        {
            Console.WriteLine($"{refusal.StatusCode}: {refusal.Message}");
        }
    }
}
