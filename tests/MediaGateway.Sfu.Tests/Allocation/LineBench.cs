using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Testing.Rooms;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>
/// A receiver whose line's estimate is set by hand, and publications whose encodings send at stated rates; virtual time in steps of a
/// picture.
/// </summary>
internal sealed class LineBench : IReceiver, IMediaOrigin, IDisposable
{
    private static readonly TimeSpan Picture = TimeSpan.FromSeconds(1 / 30.0);
    private static readonly int[] TemporalPattern = [0, 2, 1, 2];

    private readonly SimulatedCall _call = new();
    private readonly List<BenchVideo> _videos = [];
    private readonly byte[] _packet = new byte[1500];
    private int _viewers;
    private int _picture;

    public LineBench()
    {
        Media = new MediaContext(new TimerWheel(Now), new FanoutQueue(new PrefetchLog(new SentDatagrams())), new DropCounters(),
            new NtpClock(default));
        Downlink = new Downlink(this, Media, Shedding, Space);
    }

    public MonotonicTime Now { get; private set; } = MonotonicTime.FromMilliseconds(1_000_000);

    public MediaContext Media { get; }

    public Shedding Shedding { get; } = new();

    public AllocationSpace Space { get; } = new();

    public Downlink Downlink { get; }

    /// <summary>Rates that the line is asked to carry.</summary>
    public LineDemand Demand { get; private set; }

    public int KeyFrameRequests { get; private set; }

    public PeerId Id { get; } = new(1);

    public LineState Line { get; private set; }

    public RemoteClock Clock { get; } = new();

    public bool IsClosed => false;

    public void Dispose() => _call.Dispose();

    /// <summary>Sets what is known of the line, Mb/s; null for nothing.</summary>
    public void Estimate(double? megabits, bool isCongested = false, bool isAssumed = false)
    {
        Bitrate? estimate = megabits is { } rate ? new Bitrate((long)(rate * 1e6)) : null;
        Line = new LineState(estimate, isAssumed, isCongested, Line.Version + 1);
        Downlink.OnLine(Now);
    }

    /// <summary>Adds a publication, which sends from the next step on.</summary>
    public BenchVideo Publish(CodecKind codec = CodecKind.Vp8, params double[] megabits)
    {
        var video = new BenchVideo(this, codec, megabits);
        _videos.Add(video);
        return video;
    }

    /// <summary>Adds a publication of H.264 without layers, 4 Mb/s with a key frame every 2 s.</summary>
    public BenchVideo PublishProduction()
    {
        var video = new BenchVideo(this, CodecKind.H264, [3.4]) { KeyFrameEvery = 60, KeyFrameBytes = 150_000 };
        _videos.Add(video);
        return video;
    }

    /// <summary>Subscribes the receiver.</summary>
    public BenchShare Watch(BenchVideo video, VideoImportance importance = VideoImportance.Camera)
    {
        (Viewer viewer, _) = _call.OpenViewer(SimulatedCall.PathOf(10 + _viewers++));
        var share = new BenchShare { Importance = importance };
        share.Subscription = Downlink.Add(viewer.Transport.Rtp.Senders.Single(sender => sender.Kind == MediaKind.Video), share, Now);
        share.Subscription.SetSource(video.Publication, Now);
        return share;
    }

    /// <summary>Runs for some seconds.</summary>
    public void Run(double seconds, Action? eachStep = null)
    {
        for (MonotonicTime end = Now + TimeSpan.FromSeconds(seconds); Now < end;)
        {
            Now += Picture;
            foreach (BenchVideo video in _videos)
                Send(video);
            _picture++;
            Media.Fanout.Flush(Now);
            Media.Timers.Advance(Now);
            eachStep?.Invoke();
        }
    }

    void IReceiver.SetDemand(in LineDemand demand, MonotonicTime now) => Demand = demand;

    void IReceiver.OnFault(Exception fault, MonotonicTime now) => throw new InvalidOperationException("The downlink failed.", fault);

    void IMediaOrigin.OnFault(Exception fault, MonotonicTime now) => throw new InvalidOperationException("The publication failed.", fault);

    void IMediaOrigin.RequestKeyFrame(RtpReceiveStream stream, MonotonicTime now) => KeyFrameRequests++;

    private void Send(BenchVideo video)
    {
        int temporal = TemporalPattern[_picture % TemporalPattern.Length];
        // Shares of 0.4, 0.2 and 0.4 of the rate.
        double share = temporal switch { 0 => 1.6, 1 => 0.8, _ => 0.8 };
        for (int encoding = 0; encoding < video.Megabits.Length; encoding++)
        {
            bool isKey = video.KeyFrameEvery > 0 && _picture % video.KeyFrameEvery == 0;
            double bytes = isKey ? video.KeyFrameBytes : video.Megabits[encoding] * 1e6 / 8 / 30 * (video.HasLayers ? share : 1);
            if (bytes <= 0)
                continue;
            int packets = (int)Math.Ceiling(bytes / 1100);
            var frame = new TestFrame(_picture, video.HasLayers ? temporal : 0, IsSync: false, isKey, packets, 0, []);
            for (int i = 0; i < packets; i++)
                Send(video, encoding, frame, i, (int)(bytes / packets));
        }
    }

    private void Send(BenchVideo video, int encoding, TestFrame frame, int index, int length)
    {
        var writer = new RtpPacketWriter(_packet);
        ExtendedSequence sequence = video.Next(encoding);
        var timestamp = new RtpTimestamp((uint)(_picture + 1) * 3000);
        writer.WriteHeader(index == frame.Packets - 1, video.Codec.PayloadType, sequence.Wire, timestamp, new Ssrc(7));
        int header = writer.FinishHeader();
        int least = TestMediaPayload.WriteFields(_packet.AsSpan(header), video.Codec.Kind, 0, encoding, frame, index);
        ReadOnlySpan<byte> bytes = _packet.AsSpan(0, header + Math.Max(length, least));
        Assert.True(RtpPacketView.TryParse(bytes, out RtpPacketView view));
        RtpReceiveStream stream = video.Publication.Receiver.Encodings[encoding];
        video.Publication.OnPacket(new MediaPacket(stream, video.Codec, sequence, bytes, view), Now, Media);
    }
}

/// <summary>A publication of a <see cref="LineBench"/>.</summary>
internal sealed class BenchVideo
{
    private readonly ExtendedSequence[] _sequences;

    public BenchVideo(IMediaOrigin origin, CodecKind codec, double[] megabits)
    {
        Codec = new RtpCodec(codec, new PayloadType(96), 90_000, 1, "", null, default);
        Megabits = [.. megabits];
        HasLayers = codec == CodecKind.Vp8;
        _sequences = [.. megabits.Select(_ => new ExtendedSequence(1000))];
        ImmutableArray<Rid> rids = megabits.Length == 1 ? [] : [.. megabits.Select((_, i) => new Rid($"r{i}"))];
        var format = new MediaFormat(MediaKind.Video, [Codec], new HeaderExtensionMap([]));
        Publication = new Publication(origin, new RtpReceiver(new Mid("v"), format, rids));
        Publication.SetEncodingOrder(rids);
    }

    public RtpCodec Codec { get; }

    /// <summary>Payload rates of the encodings, from the lowest; 0 for one that is not sent.</summary>
    public double[] Megabits { get; }

    public bool HasLayers { get; set; }

    /// <summary>Number of pictures between key frames; 0 for none.</summary>
    public int KeyFrameEvery { get; init; }

    public int KeyFrameBytes { get; init; }

    public Publication Publication { get; }

    public ExtendedSequence Next(int encoding) => _sequences[encoding] += 1;
}

/// <summary>A subscription of a <see cref="LineBench"/>'s receiver.</summary>
internal sealed class BenchShare : ISubscriptionOwner
{
    public Subscription Subscription { get; set; } = null!;

    public VideoImportance Importance { get; set; }

    public int Priority { get; set; }

    public int Size { get; set; }

    /// <summary>The layers that the line leaves; <see cref="int.MaxValue"/> for all.</summary>
    public MaxLayers Given => Subscription.Carried;

    public VideoImportance ImportanceAt(MonotonicTime now) => Importance;

    public void Wish(LineBench bench, int spatial) => Subscription.SetLimit(new LayerLimit(
        spatial < 0 ? MaxLayers.None : MaxLayers.All with { Spatial = spatial }, LimitCause.Wish), bench.Now);
}
