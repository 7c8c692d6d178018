using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>
/// Tests of what one receiver is sent as one object: who hears of its feedback, and what a worker's level does to all receivers.
/// </summary>
public sealed class DownlinkTests : IDisposable
{
    private const int Receivers = 12;

    private readonly SimulatedCall _call = new();
    private readonly MediaContext _media = new(
        new TimerWheel(default), new FanoutQueue(new PrefetchLog(new SentDatagrams())), new DropCounters(), new NtpClock(default));
    private readonly Shedding _shedding = new();
    private readonly List<FakeReceiver> _receivers = [];

    public DownlinkTests()
    {
        for (int i = 0; i < Receivers; i++)
        {
            (Viewer viewer, _) = _call.OpenViewer(SimulatedCall.PathOf(10 + i));
            RtpSender sender = viewer.Transport.Rtp.Senders.Single(sender => sender.Kind == MediaKind.Video);
            _receivers.Add(new FakeReceiver(new PeerId(100 + i), sender, _media, _shedding));
        }
    }

    public void Dispose() => _call.Dispose();

    [Fact]
    public void Feedback_finds_the_newest_subscription_of_its_section_and_nobody_once_that_has_ended()
    {
        FakeReceiver receiver = _receivers[0];
        Subscription newest = receiver.Downlink.Add(receiver.Sender, receiver, default);
        receiver.Downlink.Remove(receiver.Subscription, default);
        Assert.Same(newest, receiver.Sender.Owner);
        receiver.Downlink.OnNack(receiver.Sender, new SequenceNumber(7), default);
        Assert.Equal(1, _media.Drops[DropReason.RetransmissionExpired]);

        receiver.Downlink.Remove(newest, default);
        receiver.Downlink.OnNack(receiver.Sender, new SequenceNumber(7), default);
        receiver.Downlink.OnKeyFrameRequest(receiver.Sender, default);
        Assert.Equal(1, _media.Drops[DropReason.RetransmissionExpired]);
    }

    [Fact]
    public void Level_is_put_into_force_for_all_receivers_and_for_those_who_come_later()
    {
        _shedding.Apply(SheddingPlan.MaxLevel, default);
        Assert.All(_receivers, receiver => Assert.Equal(LimitCause.Overload, receiver.Subscription.Limit.Cause));
        Assert.All(_receivers, receiver => Assert.True(receiver.Subscription.IsShed));
        Assert.True(_receivers[0].Downlink.Add(_receivers[0].Sender, _receivers[0], default).IsShed);

        _shedding.Apply(0, default);
        Assert.All(_receivers, receiver => Assert.Equal(LayerLimit.None, receiver.Subscription.Limit));
    }

    [Fact]
    public void Bug_in_the_share_of_one_receiver_costs_the_others_nothing_even_when_it_is_discarded_for_it()
    {
        foreach (FakeReceiver faulty in new[] { _receivers[0], _receivers[5], _receivers[^1] })
            faulty.IsFaulty = true;
        _shedding.Apply(SheddingPlan.MaxLevel, default);
        Assert.All(_receivers, receiver => Assert.Equal(!receiver.IsFaulty, receiver.Subscription.IsShed));
        Assert.All(_receivers, receiver => Assert.Equal(receiver.IsFaulty ? 1 : 0, receiver.Faults));

        _shedding.Apply(0, default);
        Assert.All(_receivers, receiver => Assert.False(receiver.Subscription.IsShed));
        Assert.Equal(3, _receivers.Sum(receiver => receiver.Faults));
    }

    private sealed class FakeReceiver : IReceiver, ISubscriptionOwner
    {
        public FakeReceiver(PeerId id, RtpSender sender, MediaContext media, Shedding shedding)
        {
            Id = id;
            Sender = sender;
            Downlink = new Downlink(this, media, shedding, new AllocationSpace());
            Subscription = Downlink.Add(sender, this, default);
        }

        public PeerId Id { get; }

        public CongestionController Congestion { get; } = new(estimates: false);

        public RtpSender Sender { get; }

        public Downlink Downlink { get; }

        public Subscription Subscription { get; }

        public bool IsFaulty { get; set; }

        public int Faults { get; private set; }

        public VideoImportance ImportanceAt(MonotonicTime now) =>
            IsFaulty ? throw new InvalidOperationException("a bug") : VideoImportance.Camera;

        public void OnFault(Exception fault, MonotonicTime now)
        {
            Faults++;
            Downlink.Close(new LineCensus());
            Downlink.Close(new LineCensus());
        }
    }
}
