using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Quality;
using MediaGateway.Sfu.Speakers;

namespace MediaGateway.Sfu.Tests.Relay;

/// <summary>
/// Tests of observers that read a publication whose origin is another worker: levels and loss reach them as if its publisher were here.
/// </summary>
public sealed class RelayObserverTests
{
    private const byte LevelExtension = 3;
    private const int Loud = 20;

    private static readonly TimeSpan PacketTime = TimeSpan.FromMilliseconds(20);
    private static readonly RtpCodec Opus = new(CodecKind.Opus, new PayloadType(111), 48_000, 2, "", null, RtcpFeedbackKinds.None);

    private readonly LinkedWorkers _workers = new();
    private readonly Publication _voice;
    private long _sequence = 1000;

    public RelayObserverTests()
    {
        _voice = new Publication(_workers, new RtpReceiver(
            new Mid("1"),
            new MediaFormat(MediaKind.Audio, [Opus], new HeaderExtensionMap([new(HeaderExtensionKind.AudioLevel, LevelExtension)])),
            []));
        _workers.HomeLink.Send(LinkedWorkers.Topic, [(byte)_workers.HomeLink.Acquire(_voice).Id]);
        _workers.Exchange();
    }

    [Fact]
    public void Speaker_of_a_relayed_track_is_detected_and_silent_when_the_track_is_muted()
    {
        var detector = new SpeakerDetector<string>(_workers.Now);
        AudioLevelMeter meter = detector.AddMeter("speaker");
        meter.ListenTo(_workers.Relayed);
        Talk(detector, seconds: 1);
        Assert.Equal("speaker", detector.Active.Single().Key);

        _voice.SetMuted(true);
        Talk(detector, seconds: 2);
        Assert.Empty(detector.Active);
        _voice.SetMuted(false);
        Talk(detector, seconds: 1);
        Assert.NotEmpty(detector.Active);

        meter.ListenTo(null);
        Talk(detector, seconds: 2);
        Assert.Empty(detector.Active);
        Assert.Empty(_workers.Faults);
    }

    [Theory]
    [InlineData(0, ConnectionQuality.Excellent)]
    [InlineData(4, ConnectionQuality.Poor)]
    public void Quality_is_read_from_a_relayed_track(int everyLost, ConnectionQuality expected)
    {
        var estimator = new ConnectionQualityEstimator(_workers.Now);
        var meter = new UplinkMeter(estimator);
        for (int second = 0; second < 10; second++)
        {
            for (int i = 0; i < 50; i++)
                Send(isLost: everyLost > 0 && i % everyLost == 2);
            MonotonicTime last = meter.Read(_workers.Relayed!);
            Assert.Equal(_workers.Now, last);
            estimator.Update(new ConnectionSample(MediaExpected: true, last, last, RoundTrip: null), _workers.Now);
        }

        Assert.Equal(expected, estimator.Quality);
        Assert.Equal(everyLost == 0 ? 0 : 10 * 12, _workers.Relayed!.Encodings[0]!.Stream.Statistics.PacketsLost);
    }

    [Fact]
    public void Meter_is_no_subscriber()
    {
        new SpeakerDetector<string>(_workers.Now).AddMeter("speaker").ListenTo(_workers.Relayed);
        _workers.Relayed!.Remove(_workers);
        Assert.Equal(0, _workers.Relayed.SubscriptionCount);
        Send();
        Assert.Equal(1, _workers.Away.Drops[DropReason.NoSubscribers]);
    }

    private void Talk(SpeakerDetector<string> detector, int seconds)
    {
        for (MonotonicTime end = _workers.Now + TimeSpan.FromSeconds(seconds); _workers.Now < end;)
        {
            Send();
            detector.Update(_workers.Now);
        }
    }

    /// <summary>Sends the next packet of the voice, 20 ms after the one before.</summary>
    private void Send(bool isLost = false)
    {
        _workers.Now += PacketTime;
        _sequence++;
        if (isLost)
            return;
        byte[] packet = new byte[64];
        var writer = new RtpPacketWriter(packet);
        var timestamp = new RtpTimestamp((uint)(_sequence * 960));
        writer.WriteHeader(false, Opus.PayloadType, new ExtendedSequence(_sequence).Wire, timestamp, new Ssrc(78));
        writer.WriteExtension(LevelExtension, [Loud]);
        writer.FinishHeader();
        Assert.True(RtpPacketView.TryParse(packet, out RtpPacketView view));
        var sent = new MediaPacket(_voice.Receiver.Encodings[0], Opus, new ExtendedSequence(_sequence), packet, view);
        _voice.OnPacket(sent, _workers.Now, _workers.Home);
        _workers.Exchange();
    }
}
