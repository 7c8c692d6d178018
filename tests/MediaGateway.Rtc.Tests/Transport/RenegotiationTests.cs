using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.Rtc.Tests.Transport;

/// <summary>Sections come, change and go while the transport lives.</summary>
public sealed class RenegotiationTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly MeetingCall _call = new();

    public void Dispose() => _call.Dispose();

    [Fact]
    public void Media_flows_on_in_sections_that_stay()
    {
        OfferedMedia audio = MeetingCall.Section("a", MediaKind.Audio, 100), video = MeetingCall.Section("v", MediaKind.Video, 200);
        _call.ClientOffers([audio, video], ("v2", 0));
        _call.Run(Second);
        SendFromClient(10, "a", "v");
        RtpReceiver receiver = Gateway.Rtp.FindReceiver(new Mid("v"))!;
        RtpReceiveStream stream = receiver.Encodings[0];
        RtpSender sender = Client.Rtp.FindSender(new Mid("v"))!;

        _call.ClientOffers([audio, video, MeetingCall.Section("s", MediaKind.Video, 300)]);
        SendFromClient(10, "a", "v", "s");

        Assert.Same(receiver, Gateway.Rtp.FindReceiver(new Mid("v")));
        Assert.Same(stream, receiver.Encodings[0]);
        Assert.Same(sender, Client.Rtp.FindSender(new Mid("v")));
        Assert.Equal((20, 0), (stream.Statistics.PacketsReceived, stream.Statistics.PacketsLost));
        AssertContinuous("a", 100, 20);
        AssertContinuous("v", 200, 20);
        AssertContinuous("s", 300, 10);
        Assert.Equal(["a", "v", "s"], Gateway.Rtp.Receivers.Select(entry => entry.Mid.Value));
    }

    [Fact]
    public void Transport_of_data_channels_alone_gains_media_and_loses_it()
    {
        _call.ClientOffers([]);
        _call.Run(Second);
        Assert.Equal(PeerTransportState.Connected, Gateway.State);

        _call.ClientOffers([MeetingCall.Section("v", MediaKind.Video, 200)]);
        SendFromClient(5, "v");
        _call.ClientOffers([MeetingCall.Section("v", MediaKind.Video)]);
        _call.Run(Second * 2);

        AssertContinuous("v", 200, 5);
        Assert.Empty(Gateway.Rtp.Receivers);
        Assert.Empty(Client.Rtp.Senders);
        Assert.Equal(PeerTransportState.Connected, Gateway.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stragglers_of_a_removed_section_end_in_no_other_stream(bool namesItsSection)
    {
        OfferedMedia camera = Section("v", 200, namesItsSection), screen = Section("s", 300, namesItsSection);
        _call.ClientOffers([camera, screen]);
        _call.Run(Second);
        SendFromClient(5, "v", "s");
        RtpReceiveStream stream = Gateway.Rtp.FindReceiver(new Mid("v"))!.Encodings[0];

        // The client has not taken the answer yet: its screen goes on.
        _call.Gateway.Answer(_call.Client.Offer(camera, MeetingCall.Section("s", MediaKind.Video)), section =>
            new SectionDecision(section.RemoteSends, null), _call.Now);
        SendFromClient(5, "v", "s");

        Assert.Equal(5, _call.Gateway.Drops[DropReason.UnknownStream]);
        Assert.Same(stream, Gateway.Rtp.FindReceiver(new Mid("v"))!.Encodings[0]);
        AssertContinuous("v", 200, 10);
        Assert.Equal(5, _call.Gateway.ReceivedIn("s").Length);
        Assert.Null(Gateway.Rtp.FindReceiver(new Mid("s")));

        // It comes back under the SSRC it had, as Firefox does it.
        _call.Gateway.Answer(_call.Client.Offer(camera, screen), section => new SectionDecision(section.RemoteSends, null), _call.Now);
        SendFromClient(5, "v", "s");

        AssertContinuous("v", 200, 15);
        Assert.Equal(10, _call.Gateway.ReceivedIn("s").Length);
        Assert.Equal(5, Gateway.Rtp.FindReceiver(new Mid("s"))!.Encodings[0].Statistics.PacketsReceived);
    }

    [Fact]
    public void Section_with_another_source_has_another_sender_and_a_goodbye_for_the_old()
    {
        OfferedMedia[] places =
            [MeetingCall.Section("1", MediaKind.Video, receives: true), MeetingCall.Section("2", MediaKind.Video, receives: true)];
        _call.ClientOffers(places, ("1", 1000), ("2", 2000));
        _call.Run(Second);
        RtpSender first = Gateway.Rtp.FindSender(new Mid("1"))!, second = Gateway.Rtp.FindSender(new Mid("2"))!;
        SendFromGateway(5, "1", "2");
        _call.TakeRtcp();

        _call.ClientOffers(places, ("1", 3000), ("2", 2000));
        _call.Deliver();
        SendFromGateway(5, "1", "2");

        Assert.NotSame(first, Gateway.Rtp.FindSender(new Mid("1")));
        Assert.Same(second, Gateway.Rtp.FindSender(new Mid("2")));
        Assert.Equal((true, false, DropReason.NotConnected), (first.IsRemoved, first.CanSend, _call.Gateway.Send(first, _call.Now)));
        Assert.Equal([new Ssrc(1000)], Goodbyes(_call.TakeRtcp()));
        Assert.Equal([.. Enumerable.Repeat(1000u, 5), .. Enumerable.Repeat(3000u, 5)],
            _call.Client.ReceivedIn("1").Select(media => media.Ssrc.Value));
        Assert.Equal(10, _call.Client.ReceivedIn("2").Length);
    }

    [Fact]
    public void Ssrc_that_was_in_use_is_refused_before_anything_changes()
    {
        OfferedMedia[] places =
            [MeetingCall.Section("1", MediaKind.Video, receives: true), MeetingCall.Section("2", MediaKind.Video, receives: true)];
        _call.ClientOffers(places, ("1", 1000));
        _call.ClientOffers(places, ("1", 3000));
        RtpSender[] senders = [.. Gateway.Rtp.Senders];

        Assert.Throws<ArgumentException>(() => _call.ClientOffers(places, ("1", 1000)));
        Assert.Throws<ArgumentException>(() => _call.ClientOffers(places, ("1", 3000), ("2", 1001)));
        Assert.Throws<ArgumentException>(() => _call.ClientOffers(places, ("2", 3000)));
        Assert.Equal(senders, Gateway.Rtp.Senders);
    }

    [Fact]
    public void Another_certificate_or_role_is_refused()
    {
        _call.ClientOffers([MeetingCall.Section("v", MediaKind.Video, 200)]);
        NegotiatedSession session = _call.Gateway.Session!;

        Assert.Throws<ArgumentException>(() =>
            Gateway.Update(session with { RemoteFingerprints = [CertificateFingerprint.Of([1])] }, _call.Now));
        Assert.Throws<ArgumentException>(() => Gateway.Update(session with { LocalDtlsRole = Dtls.DtlsRole.Client }, _call.Now));
    }

    [Fact]
    public void Packet_from_before_its_header_changed_is_not_sent_again()
    {
        OfferedMedia place = MeetingCall.Section("1", MediaKind.Audio, receives: true);
        _call.ClientOffers([place], ("1", 1000));
        _call.Run(Second);
        SendFromGateway(3, "1");
        RtpSender sender = Gateway.Rtp.FindSender(new Mid("1"))!;

        _call.ClientOffers([place, MeetingCall.Section("2", MediaKind.Audio)], ("1", 1000));
        Assert.Equal(DropReason.None, MeetingPeer.Resend(sender, sender.InitialSequence + 2, _call.Now));

        _call.ClientOffers([place with { Extensions = [] }], ("1", 1000));
        SendFromGateway(1, "1");

        Assert.Same(sender, Gateway.Rtp.FindSender(new Mid("1")));
        _call.Run(Second);
        Assert.Equal(DropReason.RetransmissionExpired, MeetingPeer.Resend(sender, sender.InitialSequence + 2, _call.Now));
        Assert.Equal(DropReason.None, MeetingPeer.Resend(sender, sender.InitialSequence + 3, _call.Now));
    }

    [Fact]
    public void Our_offers_add_stop_and_recycle_sections()
    {
        _call.GatewayOffers();
        _call.Run(Second);
        _call.GatewayOffers(MeetingCall.Section("1", MediaKind.Video, 1000), MeetingCall.Section("2", MediaKind.Audio, 2000));
        SendFromGateway(5, "1", "2");
        RtpSender audio = Gateway.Rtp.FindSender(new Mid("2"))!;

        _call.GatewayOffers(MeetingCall.Section("1", MediaKind.Video) with
        { IsStopped = true }, MeetingCall.Section("2", MediaKind.Audio, 2000));
        SendFromGateway(5, "2");
        _call.GatewayOffers(MeetingCall.Section("3", MediaKind.Video, 3000), MeetingCall.Section("2", MediaKind.Audio, 2000));
        SendFromGateway(5, "3", "2");

        Assert.Same(audio, Gateway.Rtp.FindSender(new Mid("2")));
        Assert.Equal((5, 15, 5),
            (_call.Client.ReceivedIn("1").Length, _call.Client.ReceivedIn("2").Length, _call.Client.ReceivedIn("3").Length));
        Assert.Equal(["3", "2"], Client.Rtp.Receivers.Select(receiver => receiver.Mid.Value));
    }

    [Fact]
    public void Client_restarts_ice_in_its_offer_and_media_flows_on()
    {
        OfferedMedia video = MeetingCall.Section("v", MediaKind.Video, 200);
        _call.ClientOffers([video]);
        _call.Run(Second);
        SendFromClient(5, "v");
        IceCredentials old = _call.Client.Credentials;

        _call.Client.Peer.RestartIce();
        _call.Gateway.Peer.RestartIce();
        _call.ClientOffers([video]);
        SendFromClient(5, "v");
        Assert.True(_call.Check(_call.Client.Credentials, _call.Gateway, _call.Client));
        SendFromClient(5, "v");

        AssertContinuous("v", 200, 15);
        Assert.False(_call.Check(old, _call.Gateway, _call.Client));
        Assert.Null(Gateway.Ice.PreviousLocalCredentials);
    }

    /// <summary>The client checks as soon as it has our offer; its answer may come later.</summary>
    [Fact]
    public void Checks_of_a_restart_that_we_offered_are_taken_before_the_answer()
    {
        OfferedMedia video = MeetingCall.Section("v", MediaKind.Video, 200);
        _call.GatewayOffers(video);
        _call.Run(Second);
        SendFromGateway(5, "v");

        _call.Gateway.Peer.RestartIce();
        Gateway.Ice.Restart(_call.Gateway.Credentials, newRemote: null, _call.Now);
        SessionDescription offer = _call.Gateway.Offer(video);
        _call.Client.Peer.RestartIce();
        SessionDescription answer = _call.Client.Answer(offer, _ => new SectionDecision(true, null), _call.Now);
        Assert.True(_call.Check(_call.Client.Credentials, _call.Gateway, _call.Client));
        SendFromGateway(5, "v");
        _call.Gateway.Accept(offer, answer, _call.Now);
        Assert.True(_call.Check(_call.Client.Credentials, _call.Gateway, _call.Client));
        _call.Run(TimeSpan.FromSeconds(40));
        SendFromGateway(5, "v");

        Assert.Equal(_call.Client.Credentials, Gateway.Ice.RemoteCredentials);
        Assert.Equal(15, _call.Client.ReceivedIn("v").Length);
        Assert.Equal(PeerTransportState.Connected, Gateway.State);
    }

    [Fact]
    public void Reports_of_many_sections_are_complete_and_each_datagram_is_short()
    {
        const int Sections = 60;
        OfferedMedia[] media = [.. Enumerable.Range(1, Sections)
            .Select(i => MeetingCall.Section($"{i}", MediaKind.Video, (uint)(10_000 + 10 * i), receives: true))];
        (string, uint)[] sources = [.. Enumerable.Range(1, Sections).Select(i => ($"{i}", (uint)(20_000 + 10 * i)))];
        string[] mids = [.. sources.Select(source => source.Item1)];
        _call.ClientOffers(media, sources);
        _call.Run(Second);
        SendFromClient(1, mids);
        SendFromGateway(1, mids);
        foreach (RtpSender sender in Gateway.Rtp.Senders)
            sender.Timing = new SenderTiming(new NtpTime(1), new RtpTimestamp(1));
        _call.TakeRtcp();

        _call.Run(Second);

        List<byte[]> compounds = _call.TakeRtcp();
        HashSet<Ssrc> reported = [], described = [], blocks = [];
        foreach (byte[] compound in compounds)
            Read(compound, reported, described, blocks);
        Assert.Equal(sources.Select(source => new Ssrc(source.Item2)).ToHashSet(), reported);
        Assert.Superset(reported, described);
        Assert.Equal(media.Select(section => section.Source!.Primary).ToHashSet(), blocks);
        Assert.All(compounds, compound => Assert.True(compound.Length <= 1200));
        Assert.InRange(compounds.Count, 2, 6);

        Gateway.Close(PeerCloseReason.ShuttingDown, _call.Now);
        _call.Deliver();
        Assert.Equal(reported, Goodbyes(_call.TakeRtcp()).ToHashSet());
    }

    private PeerTransport Gateway => _call.Gateway.Transport;

    private PeerTransport Client => _call.Client.Transport;

    private static OfferedMedia Section(string mid, uint source, bool namesItsSection)
    {
        OfferedMedia section = MeetingCall.Section(mid, MediaKind.Video, source);
        return namesItsSection ? section : section with { Extensions = [] };
    }

    private void SendFromClient(int packets, params string[] mids) => Send(_call.Client, packets, mids);

    private void SendFromGateway(int packets, params string[] mids) => Send(_call.Gateway, packets, mids);

    private void Send(MeetingPeer peer, int packets, string[] mids)
    {
        for (int i = 0; i < packets; i++)
            Assert.All(mids, mid => Assert.Equal(DropReason.None, peer.Send(mid, _call.Now)));
        _call.Deliver();
    }

    private void AssertContinuous(string mid, uint ssrc, int count)
    {
        ReceivedMedia[] received = _call.Gateway.ReceivedIn(mid);
        Assert.Equal(count, received.Length);
        Assert.All(received, media => Assert.Equal(new Ssrc(ssrc), media.Ssrc));
        Assert.Equal(Enumerable.Range(0, count).Select(i => received[0].Sequence + i), received.Select(media => media.Sequence));
    }

    private static List<Ssrc> Goodbyes(List<byte[]> compounds)
    {
        List<Ssrc> ended = [];
        foreach (byte[] compound in compounds)
        {
            var reader = new RtcpReader(compound);
            while (reader.TryRead(out RtcpPacketView packet))
            {
                if (!ByeView.TryParse(packet, out ByeView bye))
                    continue;
                foreach (Ssrc ssrc in bye.Sources)
                    ended.Add(ssrc);
            }
        }
        return ended;
    }

    private static void Read(byte[] compound, HashSet<Ssrc> reported, HashSet<Ssrc> described, HashSet<Ssrc> blocks)
    {
        var reader = new RtcpReader(compound);
        while (reader.TryRead(out RtcpPacketView packet))
        {
            if (SenderReportView.TryParse(packet, out SenderReportView sender))
            {
                Assert.True(reported.Add(sender.Sender));
                Add(sender.ReportBlocks, blocks);
            }
            else if (ReceiverReportView.TryParse(packet, out ReceiverReportView receiver))
            {
                Add(receiver.ReportBlocks, blocks);
            }
            else if (SdesView.TryParse(packet, out SdesView description))
            {
                foreach (SdesChunk chunk in description.Chunks)
                    described.Add(chunk.Ssrc);
            }
        }
        Assert.False(reader.IsMalformed);
    }

    private static void Add(ReportBlockList list, HashSet<Ssrc> blocks)
    {
        foreach (ReportBlock block in list)
            blocks.Add(block.Ssrc);
    }
}
