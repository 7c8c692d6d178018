using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Testing.Primitives;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Media;

/// <summary>Tests of the list of subscribers, kept in the order of peers while others walk it.</summary>
public sealed class SubscriberListTests : IDisposable
{
    private const int Viewers = 40;

    private readonly SimulatedCall _call = new();
    private readonly Subscription[] _subscriptions;

    public SubscriberListTests()
    {
        List<Viewer> viewers = [];
        for (int i = 0; i < Viewers; i++)
        {
            (Viewer viewer, RemotePeer remote) = _call.OpenViewer(SimulatedCall.PathOf(10 + i));
            _call.Connect(remote);
            viewers.Add(viewer);
        }
        _subscriptions = [.. viewers.Select(viewer => viewer.Subscriptions.Single(subscription => subscription.Kind == MediaKind.Video))];
    }

    public void Dispose() => _call.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_order_of_coming_and_going_leaves_the_order_of_peers_and_what_was_taken_before_as_it_was(int seed)
    {
        var random = new Random(seed);
        SubscriberList list = SubscriberList.Empty;
        List<Subscription> expected = [];
        List<(SubscriberList List, Subscription[] Expected)> taken = [];
        for (int i = 0; i < 400; i++)
        {
            Subscription one = _subscriptions[random.Next(Viewers)];
            if (expected.Remove(one))
            {
                list = list.Remove(one);
            }
            else
            {
                expected.Add(one);
                list = list.Add(one);
            }
            expected.Sort((a, b) => a.Peer.Value.CompareTo(b.Peer.Value));
            taken.Add((list, [.. expected]));
        }
        Assert.All(taken, pair => Assert.Equal(pair.Expected, Walk(pair.List)));
    }

    [Fact]
    public void Who_comes_last_costs_no_copy_of_all_others()
    {
        SubscriberList list = SubscriberList.Empty;
        foreach (Subscription subscription in _subscriptions)
            list = list.Add(subscription);
        SubscriberList[] shorter = [.. Enumerable.Range(0, 3).Select(_ => list.Remove(_subscriptions[^1]).Remove(_subscriptions[^2]))];

        Assert.Equal(0, AllocatedBytes.LeastOf(time => list = shorter[time].Add(_subscriptions[^2]).Add(_subscriptions[^1])));
        Assert.Equal(_subscriptions, Walk(list));
    }

    private static Subscription[] Walk(SubscriberList list)
    {
        List<Subscription> walked = [];
        foreach (Subscription subscription in list)
            walked.Add(subscription);
        Assert.Equal(list.Count, walked.Count);
        return [.. walked];
    }
}
