namespace MediaGateway.Sfu.Tests.Forwarding.Layers;

/// <summary>
/// Tests that a subscriber receives, through random changes of its limits, frame by frame and bit by bit what the publisher
/// sent on the chosen layers, and that the result can be decoded.
/// </summary>
public sealed class LayerSwitchTests
{
    private const int Seeds = 200;

    public static TheoryData<string> Formats => [.. LayeredFormat.All.Keys];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Whatever_is_chosen_every_frame_is_whole_decodable_and_numbered_without_holes(string format) => ForSeeds(seed =>
    {
        var scenario = new LayerScenario(LayeredFormat.All[format], seed);
        scenario.PreferAnything();
        scenario.Run(pictures: 150, changes: 0.1);

        SubscriberModel subscriber = scenario.Subscriber;
        Assert.Empty(subscriber.Holes());
        subscriber.AssertFramesAreWhole();
        subscriber.AssertDecodable();
        subscriber.AssertPicturesAreMarked();
        subscriber.AssertNumbersRunOn();
        Assert.True(subscriber.Repeated > 0);
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Once_settled_exactly_the_layers_chosen_come(string format) => ForSeeds(seed =>
    {
        LayeredFormat layers = LayeredFormat.All[format];
        var scenario = new LayerScenario(layers, seed);
        scenario.PreferAnything();
        scenario.Run(pictures: 60, changes: 0.1);
        scenario.PreferAnything();
        scenario.Run(pictures: 30);
        int from = scenario.Publisher.Frames[^1].Picture + 1;
        scenario.Run(pictures: 32);

        SentFrame[] expected = [.. scenario.Publisher.Frames.Where(frame =>
            frame.Picture >= from && layers.Includes(frame, scenario.Encoding, scenario.MaxSpatial, scenario.MaxTemporal))];
        Assert.Equal(expected, scenario.Subscriber.CompleteFrames().Where(frame => frame.Picture >= from));
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Packets_that_come_late_find_their_places(string format) => ForSeeds(seed =>
    {
        var scenario = new LayerScenario(LayeredFormat.All[format], seed) { Late = 0.1 };
        scenario.PreferAnything();
        scenario.Run(pictures: 150, changes: 0.1);
        scenario.Settle();

        Assert.Empty(scenario.Subscriber.Holes());
        scenario.Subscriber.AssertDecodable();
        Assert.True(scenario.Subscriber.Repeated > 0);
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Under_loss_no_number_ever_stands_for_two_packets(string format) => ForSeeds(seed =>
    {
        var scenario = new LayerScenario(LayeredFormat.All[format], seed) { Late = 0.1, Lost = 0.05 };
        scenario.PreferAnything();
        scenario.Run(pictures: 200, changes: 0.1);
        scenario.Settle();

        Assert.True(scenario.Subscriber.Received.Count > 20);
        Assert.True(scenario.Subscriber.Repeated > 0);
    });

    private static void ForSeeds(Action<int> run)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            try
            {
                run(seed);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
            }
        }
    }
}
