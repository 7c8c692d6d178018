using System.Collections.Immutable;
using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Transport;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Rtc.Tests.Transport;

/// <summary>
/// Packets carry transport-wide numbers where both lines were agreed on, and no packet leaves under an SRTP index that another one had.
/// </summary>
public sealed class NumberedSendingTests : IDisposable
{
    private const byte PaddingFlag = 0x20;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly byte[] Payload = new byte[88];

    private readonly MeetingCall _call = new();

    public void Dispose() => _call.Dispose();

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    [InlineData(false, false, false)]
    public void Section_is_numbered_only_with_both_lines(bool hasExtension, bool hasFeedback, bool isNumbered)
    {
        Connect(Video(hasExtension: hasExtension, hasFeedback: hasFeedback), Audio(hasExtension: hasExtension, hasFeedback: hasFeedback));

        Send("v", "a");

        Assert.Equal([isNumbered, isNumbered], Rtp.Senders.Select(sender => sender.IsNumbered));
        Assert.Equal(isNumbered ? [0, 1] : [], Numbers());
        _call.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(isNumbered ? FeedbackKind.TransportWide : FeedbackKind.ReceiverReports, Rtp.Congestion.Feedback);
        Assert.Equal(isNumbered, Rtp.Congestion.Estimate is not null);
        Assert.Equal(isNumbered, Rtp.Congestion.CanSendFiller);
    }

    [Fact]
    public void Our_offer_is_numbered_where_the_answer_has_both_lines()
    {
        OfferedMedia video = Video(1000);
        _call.GatewayOffers(video, Audio(2000));
        Assert.Equal([true, true], Rtp.Senders.Select(sender => sender.IsNumbered));

        _call.GatewayOffers(video, Audio(2000, hasFeedback: false));
        Assert.Equal([true, false], Rtp.Senders.Select(sender => sender.IsNumbered));
    }

    [Fact]
    public void Video_without_retransmission_is_not_numbered_and_repaired_in_place()
    {
        Connect(Video(hasRetransmission: false), Audio());

        Send("v", "v", "a");

        Assert.Equal([false, true], Rtp.Senders.Select(sender => sender.IsNumbered));
        Assert.Equal(DropReason.None, Resend("v", 1));
        Assert.Equal((3, 1), Ledger());
        _call.Run(TimeSpan.FromSeconds(3));
        Assert.Equal((FeedbackKind.ReceiverReports, false), (Rtp.Congestion.Feedback, Rtp.Congestion.CanSendFiller));
        Assert.DoesNotContain("transport-cc", _call.Gateway.Session!.LocalDescription.Media[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_count_all_streams_of_the_transport()
    {
        Connect(Video(), Audio());

        Send("v", "a", "v");
        Assert.Equal(DropReason.None, Resend("v", 0));
        Send("a", "v");

        Assert.Equal([0, 1, 2, 3, 4, 5], Numbers());
        Assert.Equal((6, 0), Ledger());
        Assert.Equal(6, Rtp.Congestion.PacketsNumbered);
    }

    [Fact]
    public void Feedback_acknowledges_what_arrived()
    {
        Connect(Video(), Audio());

        for (int i = 0; i < 50; i++)
        {
            Send("v", "a");
            _call.Run(TimeSpan.FromMilliseconds(20));
        }
        _call.Run(Second);

        CongestionController congestion = Rtp.Congestion;
        Assert.Equal((100, 100, 0, 0), (congestion.PacketsNumbered, congestion.PacketsAcknowledged, congestion.PacketsLost,
            congestion.ArrivalsUnmatched));
        Assert.Equal(0, congestion.BytesInFlight);
        Assert.InRange(congestion.FeedbackReports, 15, 40);
    }

    [Fact]
    public void Sound_is_sent_again_with_its_first_number()
    {
        Connect(Audio(feedback: RtcpFeedbackKinds.Nack));

        Send("a", "a", "a");
        Assert.Equal(DropReason.None, Resend("a", 1));
        Send("a");

        Assert.Equal([0, 1, 2, 1, 3], Numbers());
        Assert.Equal((4, 1), Ledger());
    }

    [Fact]
    public void Sound_whose_first_number_is_not_known_is_not_sent_again()
    {
        Connect(Audio(feedback: RtcpFeedbackKinds.Nack), Audio(mid: "b"));

        for (int i = 0; i < 65; i++)
            Send("a", "b");

        Assert.Equal(DropReason.RetransmissionExpired, Resend("a", 0));
        Assert.Equal(DropReason.None, Resend("a", 1));
        Assert.Equal(DropReason.RetransmissionExpired, Resend("b", 64));
        Assert.Equal((130, 1), Ledger());
    }

    [Fact]
    public void Codec_without_retransmission_in_a_numbered_section_is_not_sent_again()
    {
        const RtcpFeedbackKinds Feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.TransportCc;
        var bare = new RtpCodec(CodecKind.Vp9, default, 90_000, 1, "profile-id=0", null, Feedback);
        OfferedMedia video = Video();
        Connect(video with { Codecs = [.. video.Codecs, bare] });
        RtpSender sender = Sender("v");
        ExtendedSequence first = sender.InitialSequence;

        var header = new OutgoingHeader(first, default, sender.Codecs[1].PayloadType, Marker: false);
        Assert.Equal(DropReason.None, sender.Send(header, Payload, _call.Now));
        _call.Deliver();

        Assert.Equal([0], Numbers());
        Assert.Equal(DropReason.RetransmissionExpired, sender.Resend(header, Payload, _call.Now + Second));
        Assert.Equal((1, 0), Ledger());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(5_000)]
    public void Padding_goes_out_on_the_RTX_stream_under_indices_and_numbers_of_its_own(int bytes)
    {
        Connect(Video(), Audio());
        Send("v");
        Assert.Equal(DropReason.None, Resend("v", 0));
        long before = Rtp.Congestion.BytesInFlight;

        int sent = Sender("v").SendPadding(bytes, _call.Now);
        _call.Deliver();
        Assert.Equal(DropReason.None, Resend("v", 0, Second));
        Send("v");

        Assert.InRange(sent, bytes, bytes + 100);
        int packets = Numbers().Length - 4;
        Assert.InRange(packets, bytes / 323.0, bytes / 323.0 + 1);
        Assert.Equal(Enumerable.Range(0, packets + 4), Numbers());
        Assert.Equal((packets + 4, 0), Ledger());
        // The far end's RTX stream takes padding for neither media nor loss.
        Assert.Equal(2, _call.Client.ReceivedIn("v").Length);
        Assert.Equal(before + sent, Rtp.Congestion.BytesInFlight - LengthOf(packets + 2) - LengthOf(packets + 3));
        _call.Run(Second);
        Assert.Equal((packets + 4, 0), (Rtp.Congestion.PacketsAcknowledged, Rtp.Congestion.PacketsLost));
        Assert.Equal(0, _call.Client.Transport.Rtp.FindReceiver(new Mid("v"))!.Encodings[0].MissingPackets);
    }

    [Fact]
    public void Padding_is_refused_where_it_cannot_be_numbered_on_an_RTX_stream()
    {
        Connect(Video(hasFeedback: false), Audio());
        Send("v", "a");

        Assert.Equal((0, 0), (Sender("v").SendPadding(500, _call.Now), Sender("a").SendPadding(500, _call.Now)));
    }

    [Fact]
    public void Old_packet_fills_a_probe_as_another_packet_of_the_RTX_stream()
    {
        Connect(Video());
        Send("v");
        RtpSender sender = Sender("v");
        var header = new OutgoingHeader(sender.InitialSequence, default, sender.Codecs[0].PayloadType, Marker: false);
        long resent = sender.Stream.PacketsResent;

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(DropReason.None,
                sender.ReopenAsFiller(header, sender.Codecs[0].RetransmissionPayloadType, _call.Now, out OutgoingPacket packet));
            Assert.True(packet.TryBeginPayload(Payload.Length, out Span<byte> payload));
            Payload.CopyTo(payload);
            sender.Commit(packet);
        }
        _call.Deliver();

        Assert.Equal((101, 0), Ledger());
        Assert.Equal(resent, sender.Stream.PacketsResent);
        Assert.Single(_call.Client.ReceivedIn("v"));
        Assert.InRange(Rtp.Congestion.FillerBytesSent, 100 * Payload.Length, 100 * (Payload.Length + 100));
    }

    [Fact]
    public void Time_of_sending_is_written_where_the_receiver_estimates_by_itself()
    {
        OfferedMedia video = Video(hasExtension: false, hasFeedback: false);
        video = video with
        {
            Codecs = [video.Codecs[0] with { Feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Remb }],
            Extensions = [HeaderExtensionKind.Mid, HeaderExtensionKind.AbsoluteSendTime],
        };
        Connect(video);

        Send("v");
        _call.Run(TimeSpan.FromSeconds(0.5));
        Send("v");
        Assert.Equal(DropReason.None, Resend("v", 0));

        int[] times = Elements(HeaderExtensionKind.AbsoluteSendTime);
        Assert.Equal(3, times.Length);
        // 24 bits, 18 of them behind the point.
        Assert.Equal(0.5, ((times[1] - times[0]) & 0xFF_FFFF) / (double)(1 << 18), 0.001);
        Assert.Equal((3, 0), Ledger());
        Assert.Contains("goog-remb", _call.Gateway.Session!.LocalDescription.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Time_of_sending_is_left_out_where_packets_are_numbered()
    {
        OfferedMedia video = Video();
        video = video with
        {
            Codecs = [video.Codecs[0] with { Feedback = video.Codecs[0].Feedback | RtcpFeedbackKinds.Remb }],
            Extensions = [.. video.Extensions, HeaderExtensionKind.AbsoluteSendTime],
        };
        Connect(video);

        Send("v");

        Assert.Equal([0], Numbers());
        string answer = _call.Gateway.Session!.LocalDescription.ToString();
        Assert.DoesNotContain("goog-remb", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("abs-send-time", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Renegotiation_that_takes_retransmission_away_ends_numbers_and_resends_of_what_had_them()
    {
        Connect(Video());
        Send("v", "v");

        Negotiate(Video(hasRetransmission: false));
        Send("v");

        Assert.False(Sender("v").IsNumbered);
        Assert.Equal([0, 1], Numbers());
        Assert.Equal(DropReason.RetransmissionExpired, Resend("v", 0));
        Assert.Equal(DropReason.RetransmissionExpired, Resend("v", 1));
        Assert.Equal(DropReason.None, Resend("v", 2));
        Assert.Equal((3, 1), Ledger());
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Renegotiation_that_takes_a_line_away_ends_numbers_and_resends_of_what_had_them(bool hasExtension, bool hasFeedback)
    {
        OfferedMedia before = Audio(feedback: RtcpFeedbackKinds.Nack);
        OfferedMedia after = Audio(feedback: RtcpFeedbackKinds.Nack, hasExtension: hasExtension, hasFeedback: hasFeedback);
        Connect(before);
        Send("a", "a");

        Negotiate(after);
        Send("a");
        Assert.Equal(DropReason.RetransmissionExpired, Resend("a", 1));
        Assert.Equal(DropReason.None, Resend("a", 2));
        Negotiate(before);
        Send("a");

        Assert.Equal(DropReason.RetransmissionExpired, Resend("a", 2, Second));
        Assert.Equal(DropReason.None, Resend("a", 3));
        Assert.Equal([0, 1, 2, 2], Numbers());
        Assert.Equal((4, 2), Ledger());
    }

    [Fact]
    public void Random_calls_never_let_a_second_packet_out_under_one_index()
    {
        for (int seed = 1; seed <= 40; seed++)
        {
            using var call = new RandomCall(seed);
            call.Run();
        }
    }

    private RtpSession Rtp => _call.Gateway.Transport.Rtp;

    private static OfferedMedia Video(uint? source = null, bool hasRetransmission = true, bool hasExtension = true,
        bool hasFeedback = true) =>
        Section("v", MediaKind.Video, source, RtcpFeedbackKinds.Nack, hasRetransmission, hasExtension, hasFeedback);

    private static OfferedMedia Audio(uint? source = null, RtcpFeedbackKinds feedback = RtcpFeedbackKinds.None, string mid = "a",
        bool hasExtension = true, bool hasFeedback = true) =>
        Section(mid, MediaKind.Audio, source, feedback, hasRetransmission: false, hasExtension, hasFeedback);

    private static OfferedMedia Section(string mid, MediaKind kind, uint? source, RtcpFeedbackKinds feedback, bool hasRetransmission,
        bool hasExtension, bool hasFeedback)
    {
        OfferedMedia section = MeetingCall.Section(mid, kind, source, receives: source is null);
        return section with
        {
            Codecs =
            [
                section.Codecs[0] with
                {
                    RetransmissionPayloadType = hasRetransmission ? default(PayloadType) : null,
                    Feedback = feedback | (hasFeedback ? RtcpFeedbackKinds.TransportCc : RtcpFeedbackKinds.None),
                },
            ],
            Extensions = hasExtension ? [HeaderExtensionKind.Mid, HeaderExtensionKind.TransportSequenceNumber] : [HeaderExtensionKind.Mid],
        };
    }

    private void Connect(params OfferedMedia[] media)
    {
        Negotiate(media);
        _call.Run(Second);
        _call.FromGateway.Clear();
    }

    private void Negotiate(params OfferedMedia[] media) =>
        _call.ClientOffers(media, [.. media.Select((section, index) => (section.Mid.Value, 1000u * (uint)(index + 1)))]);

    private RtpSender Sender(string mid) => Rtp.FindSender(new Mid(mid))!;

    private void Send(params string[] mids)
    {
        foreach (string mid in mids)
            Assert.Equal(DropReason.None, _call.Gateway.Send(mid, _call.Now));
        _call.Deliver();
    }

    /// <summary>Answers a NACK for the packet of this index, from 0 on.</summary>
    private DropReason Resend(string mid, int packet, TimeSpan later = default)
    {
        DropReason reason = MeetingPeer.Resend(Sender(mid), Sender(mid).InitialSequence + packet, _call.Now + later);
        _call.Deliver();
        return reason;
    }

    /// <summary>The transport-wide numbers that have left, in order.</summary>
    private int[] Numbers() => Elements(HeaderExtensionKind.TransportSequenceNumber);

    /// <summary>Length on the wire of the packet that left as this one, with IP and UDP headers.</summary>
    private int LengthOf(int packet) =>
        _call.FromGateway.Where(datagram => DatagramClassifier.Classify(datagram) == DatagramKind.Rtp).ElementAt(packet).Length + 28;

    /// <summary>The values of a header extension in what has left, in order.</summary>
    private int[] Elements(HeaderExtensionKind kind)
    {
        byte id = Rtp.Senders.Select(sender => sender.Extensions.IdOf(kind)).Max();
        var values = ImmutableArray.CreateBuilder<int>();
        foreach (byte[] datagram in _call.FromGateway)
        {
            if (DatagramClassifier.Classify(datagram) != DatagramKind.Rtp)
                continue;
            // The header is in the clear (RFC 3711 section 3.1), but not the length of the padding that it tells of.
            byte[] header = [(byte)(datagram[0] & ~PaddingFlag), .. datagram[1..]];
            if (RtpPacketView.TryParse(header, out RtpPacketView view)
                && id != 0
                && view.TryGetExtension(id, out ReadOnlySpan<byte> value))
                values.Add(value.ToArray().Aggregate(0, (number, next) => number << 8 | next));
        }
        return [.. values];
    }

    private (int Packets, int Repeated) Ledger()
    {
        var ledger = new IndexLedger();
        foreach (byte[] datagram in _call.FromGateway)
            ledger.Add(datagram);
        return (ledger.Count, ledger.Repeated);
    }

    /// <summary>A call in which sending, sending again, and negotiations of all kinds follow each other at random.</summary>
    private sealed class RandomCall(int seed) : IDisposable
    {
        private readonly Random _random = new(seed);
        private readonly NumberedSendingTests _test = new();

        public void Run()
        {
            _test.Connect(Any());
            int[] sent = new int[2];
            for (int step = 0; step < 400; step++)
            {
                int section = _random.Next(2);
                string mid = section == 0 ? "v" : "a";
                if (_random.Next(40) == 0)
                {
                    _test.Negotiate(Any());
                }
                else if (_random.Next(3) > 0)
                {
                    _test.Send(mid);
                    sent[section]++;
                }
                else if (sent[section] > 0)
                {
                    _test.Resend(mid, _random.Next(Math.Max(0, sent[section] - 80), sent[section]));
                }
                _test._call.Run(TimeSpan.FromMilliseconds(_random.Next(20)));
            }
            (int packets, int repeated) = _test.Ledger();
            Assert.True(packets >= sent.Sum() && repeated > 0, $"Seed {seed}: {packets} packets, {repeated} repeated.");
        }

        public void Dispose() => _test.Dispose();

        private OfferedMedia[] Any() =>
        [
            Video(hasRetransmission: Coin(), hasExtension: Coin(), hasFeedback: Coin()),
            Audio(feedback: Coin() ? RtcpFeedbackKinds.Nack : RtcpFeedbackKinds.None, hasExtension: Coin(), hasFeedback: Coin()),
        ];

        private bool Coin() => _random.Next(4) > 0;
    }
}
