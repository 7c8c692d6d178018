using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Tests.Forwarding.Layers;

/// <summary>One publisher, one subscriber, a forwarder between them; the same seed gives the same run.</summary>
internal sealed class LayerScenario
{
    private const int PictureMilliseconds = 33;

    private readonly LayeredFormat _format;
    private readonly Random _random;
    private readonly Forwarder _forwarder;
    private readonly PriorityQueue<SentPacket, (long Due, long Order)> _uplink = new();
    private readonly Queue<(int Due, PublishedEncoding Encoding)> _requests = new();
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(10_000);
    private long _order;
    private int _picture;

    public LayerScenario(LayeredFormat format, int seed)
    {
        _format = format;
        _random = new Random(seed);
        Publisher = new LayeredPublisher(format, _random);
        Subscriber = new SubscriberModel(format, Publisher.Frames);
        _forwarder =
            new Forwarder(MediaKind.Video, [Publisher.Codec], SubscriberModel.HeaderExtensions, new ExtendedSequence(60_000), default);
    }

    public LayeredPublisher Publisher { get; }

    public SubscriberModel Subscriber { get; }

    /// <summary>Chance of a packet to come late, by up to three pictures.</summary>
    public double Late { get; init; }

    /// <summary>Chance of a packet never to come.</summary>
    public double Lost { get; init; }

    public int Encoding { get; private set; }

    public int MaxSpatial { get; private set; }

    public int MaxTemporal { get; private set; }

    public void PreferAnything()
    {
        int[] limits = [0, 1, int.MaxValue];
        Prefer(_random.Next(_format.Encodings), _format.SpatialLayers == 1 ? int.MaxValue
            : limits[_random.Next(3)], _random.Next(8) == 0 ? MaxLayers.KeyFrames : limits[_random.Next(3)]);
    }

    public void Prefer(int encoding, int maxSpatial, int maxTemporal)
    {
        (Encoding, MaxSpatial, MaxTemporal) = (encoding, maxSpatial, maxTemporal);
        _forwarder.SetLimits(maxSpatial, maxTemporal);
        _forwarder.SetTarget(Publisher[encoding]);
    }

    public void Pause() => _forwarder.SetTarget(null);

    public void Run(int pictures, double changes = 0)
    {
        for (int i = 0; i < pictures; i++)
        {
            if (_random.NextDouble() < changes)
                PreferAnything();
            if (_random.NextDouble() < changes / 8)
                Pause();
            AnswerRequests();
            Send(Publisher.NextPicture());
            Deliver(_picture * PictureMilliseconds);
            _picture++;
            if (i % 4 == 0)
                AskAgain();
        }
    }

    /// <summary>All that is under way arrives, and what is missing is asked for.</summary>
    public void Settle()
    {
        Deliver(long.MaxValue);
        AskAgain();
    }

    private void Send(List<SentPacket> packets)
    {
        long time = _picture * PictureMilliseconds;
        foreach (SentPacket packet in packets)
        {
            if (_random.NextDouble() < Lost)
                continue;
            long delay = _random.NextDouble() < Late ? _random.Next(100) : 0;
            _uplink.Enqueue(packet, (time + delay, _order++));
        }
    }

    private void Deliver(long until)
    {
        while (_uplink.TryPeek(out SentPacket? packet, out (long Due, long Order) due) && due.Due <= until)
        {
            _uplink.Dequeue();
            _now = MonotonicTime.FromMilliseconds(10_000 + due.Due);
            Forward(packet);
        }
    }

    private void Forward(SentPacket sent)
    {
        PublishedEncoding encoding = Publisher[sent.Encoding];
        Assert.True(RtpPacketView.TryParse(sent.Bytes, out RtpPacketView view));
        var packet = new MediaPacket(encoding.Stream, Publisher.Codec, sent.Sequence, sent.Bytes, view);
        if (_forwarder.Plan(encoding, packet, encoding.OnPacket(packet, _now), _now, out RewritePlan plan) == DropReason.None)
            Subscriber.Receive(plan, view);
        if (!_forwarder.TakeKeyFrameWish())
            return;
        _requests.Enqueue((_picture + _random.Next(1, 6), _forwarder.Target!));
    }

    private void AnswerRequests()
    {
        if (_forwarder.TakeKeyFrameWish())
            _requests.Enqueue((_picture, _forwarder.Target!));
        // A key frame that lost its first packet was none: the receive stream's requester repeats itself.
        if (Lost > 0 && _forwarder.NeedsKeyFrame && _picture % 20 == 0)
            _requests.Enqueue((_picture, _forwarder.Target!));
        while (_requests.TryPeek(out (int Due, PublishedEncoding Encoding) request) && request.Due <= _picture)
            Publisher.RequestKeyFrame(_requests.Dequeue().Encoding);
    }

    /// <summary>Asks for what is missing, and for something that is not.</summary>
    private void AskAgain()
    {
        if (Subscriber.Received.Count == 0)
            return;
        long last = Subscriber.Received.Keys.Last();
        long[] asked =
            [.. Subscriber.Holes().Where(hole => hole > last - 500), last - _random.Next(Math.Min(200, Subscriber.Received.Count))];
        foreach (long number in asked)
        {
            if (_forwarder.TryReplay(new ExtendedSequence(number).Wire, out RtpPacketView view, out RewritePlan plan))
                Subscriber.Receive(plan, view);
        }
    }
}
