using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Tests.Forwarding;

public sealed class EncodingRankingTests
{
    private static readonly RtpCodec Codec = new(CodecKind.H264, new PayloadType(96), 90_000, 1, "", null, RtcpFeedbackKinds.Nack);

    private readonly EncodingRanking _ranking = new();
    private readonly List<PublishedEncoding> _encodings = [];
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(5_000);
    private long _sequence;

    [Fact]
    public void Without_names_the_rate_ranks()
    {
        Add("a", "b", "c");
        Send(30, sizes: [300, 900, 100]);

        Assert.Equal([2, 0, 1], Enumerable.Range(0, 3).Select(rank => _encodings.IndexOf(_ranking.Select(rank)!)));
        Assert.Same(_encodings[1], _ranking.Best);
    }

    [Fact]
    public void Names_rank_whatever_the_rates()
    {
        Add("f", "q", "h");
        _ranking.SetOrder([new Rid("q"), new Rid("h"), new Rid("f")]);
        Send(30, sizes: [100, 900, 300]);

        Assert.Equal([1, 2, 0], Enumerable.Range(0, 3).Select(rank => _encodings.IndexOf(_ranking.Select(rank)!)));
    }

    [Fact]
    public void Silent_encoding_is_left_for_the_next_lower_and_taken_up_again()
    {
        Add("q", "h", "f");
        _ranking.SetOrder([new Rid("q"), new Rid("h"), new Rid("f")]);
        Send(30, sizes: [100, 300, 900]);
        Send(20, sizes: [100, 300, 0]);
        Assert.Same(_encodings[2], _ranking.Select(2));
        Send(20, sizes: [100, 300, 0]);

        Assert.Same(_encodings[1], _ranking.Select(2));
        Send(1, sizes: [100, 300, 900]);
        Assert.Same(_encodings[2], _ranking.Select(2));
    }

    [Fact]
    public void Lowest_above_the_limit_stands_in_for_what_is_not_sent()
    {
        Add("q", "h", "f");
        _ranking.SetOrder([new Rid("q"), new Rid("h"), new Rid("f")]);
        Send(60, sizes: [0, 300, 900]);

        Assert.Same(_encodings[1], _ranking.Select(0));
    }

    [Fact]
    public void Still_screen_is_not_silence()
    {
        Add("q", "h");
        _ranking.SetOrder([new Rid("q"), new Rid("h")]);
        for (int i = 0; i < 10; i++)
        {
            Send(1, sizes: [100, 0]);
            Assert.Same(_encodings[1], _ranking.Select(1));
            Send(1, sizes: [0, 900]);
            _now += TimeSpan.FromSeconds(2);
        }
    }

    [Fact]
    public void All_that_fall_silent_together_are_not_taken_for_stopped()
    {
        Add("q", "h");
        Send(30, sizes: [100, 300]);
        _now += TimeSpan.FromMinutes(1);
        _ranking.Refresh(_now);

        Assert.Same(_encodings[1], _ranking.Best);
    }

    private void Add(params string[] names)
    {
        foreach (string name in names)
        {
            _encodings.Add(new PublishedEncoding(new RtpReceiveStream(_encodings.Count, new Rid(name), Codec), false, new RemoteClock(),
                HeaderExtensionMap.Empty));
            _ranking.Add(_encodings[^1]);
        }
    }

    /// <summary>Pictures at 30 a second, one packet of each encoding; 0 bytes for none.</summary>
    private void Send(int pictures, int[] sizes)
    {
        for (int i = 0; i < pictures; i++)
        {
            _now += TimeSpan.FromMilliseconds(33);
            _sequence++;
            for (int index = 0; index < sizes.Length; index++)
            {
                if (sizes[index] > 0)
                    Send(_encodings[index], sizes[index]);
            }
            _ranking.Refresh(_now);
        }
    }

    private void Send(PublishedEncoding encoding, int size)
    {
        byte[] bytes = new byte[RtpHeader.FixedLength + size];
        var writer = new RtpPacketWriter(bytes);
        writer.WriteHeader(true, Codec.PayloadType, new ExtendedSequence(_sequence).Wire, new RtpTimestamp((uint)_sequence * 3000),
            new Ssrc(1));
        writer.FinishHeader();
        Assert.True(RtpPacketView.TryParse(bytes, out RtpPacketView view));
        encoding.OnPacket(new MediaPacket(encoding.Stream, Codec, new ExtendedSequence(_sequence), bytes, view), _now);
        _ranking.OnMedia(encoding, view.Timestamp);
    }
}
