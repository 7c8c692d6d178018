using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Tests.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

/// <summary>A browser's offers over one transport, from the first to the last of a meeting.</summary>
public sealed class LaterOfferTests
{
    private static readonly AnswerPolicy Meeting = new()
    {
        Transport = Policies.Transport,
        SessionId = 42,
        Direction = MediaDirection.SendReceive,
        DecideSection = section => new SectionDecision(section.RemoteSends, Source: null),
        AcceptsData = true,
        MayBeIdle = true,
        RequiredKinds = [],
    };

    private static readonly LocalSource Alice = new(new Ssrc(2000), new Ssrc(2001), "alice", "PA_alice|TR_cam", "TR_cam");
    private static readonly LocalSource Bob = new(new Ssrc(3000), new Ssrc(3001), "bob", "PA_bob|TR_cam", "TR_cam");

    [Fact]
    public void First_offer_with_nothing_to_send_or_receive_is_inactive_and_keeps_its_sections()
    {
        NegotiatedSession session = Policies.Answer(MeetingOffer.SinglePeerConnection().Build(), Meeting);

        Assert.Equal(6, session.Media.Length);
        Assert.All(session.Media, media => Assert.True(media is { Receiving: false, Sending: false, LocalSource: null }));
        Assert.Equal(new NegotiatedData(new Mid("6"), RemotePort: 5000, RemoteMaxMessageSize: 262_144), session.Data);
        Assert.All(session.LocalDescription.Media, media => Assert.NotEqual(0, media.Port));
        Assert.All(session.LocalDescription.Media.Take(6), media => Assert.Equal(MediaDirection.Inactive, media.Direction));
        Assert.Equal(7, session.LocalDescription.Bundle!.Mids.Length);
    }

    [Fact]
    public void Camera_is_added_with_simulcast()
    {
        MeetingOffer offer = MeetingOffer.SinglePeerConnection().Add("video", "7", "sendonly");

        NegotiatedSession session =
            Policies.Answer(offer.Build(), Later(Policies.Answer(MeetingOffer.SinglePeerConnection().Build(), Meeting), version: 2));

        NegotiatedMedia camera = session.Media[^1];
        Assert.Equal((new Mid("7"), true, false), (camera.Mid, camera.Receiving, camera.Sending));
        Assert.Equal([new Rid("q"), new Rid("h"), new Rid("f")], camera.ReceiveEncodings.AsEnumerable());
        Assert.Equal("stream track7", camera.RemoteMsid);
        MediaDescription answered = session.LocalDescription.FindMedia(new Mid("7"))!;
        Assert.Equal(MediaDirection.Receive, answered.Direction);
        Assert.Equal("recv q;h;f", answered.FindAttribute("simulcast"));
        Assert.Equal(("42", "2"), (session.LocalDescription.Origin.SessionId, session.LocalDescription.Origin.SessionVersion));
    }

    [Fact]
    public void Section_is_used_for_one_source_then_for_none_then_for_another()
    {
        SessionDescription offer = MeetingOffer.SinglePeerConnection().Build();
        NegotiatedSession first = Policies.Answer(offer, Meeting);

        NegotiatedSession alice = Policies.Answer(offer, Later(first, 2) with { DecideSection = Give("3", Alice) });
        NegotiatedSession none = Policies.Answer(offer, Later(first, 3));
        NegotiatedSession bob = Policies.Answer(offer, Later(first, 4) with { DecideSection = Give("3", Bob) });

        Assert.Equal(Alice, alice.Media[3].LocalSource);
        MediaDescription answered = alice.LocalDescription.Media[3];
        Assert.Equal((MediaDirection.Send, "PA_alice|TR_cam TR_cam"), (answered.Direction, answered.FindAttribute("msid")));
        Assert.Equal([new RemoteSource(new Ssrc(2000), new Ssrc(2001))], SourceReader.Sources(answered).AsEnumerable());
        Assert.True(none.Media[3] is { Sending: false, LocalSource: null });
        Assert.Equal(MediaDirection.Inactive, none.LocalDescription.Media[3].Direction);
        Assert.Equal(Bob, bob.Media[3].LocalSource);
        Assert.All(bob.Media.Where(media => media.Mid != new Mid("3")), media => Assert.False(media.Sending));
    }

    [Fact]
    public void Unpublished_section_stays_inactive_and_is_published_in_again()
    {
        MeetingOffer offer = MeetingOffer.SinglePeerConnection().Add("audio", "7", "sendonly");
        Assert.True(Policies.Answer(offer.Build(), Meeting).Media[^1].Receiving);

        NegotiatedMedia stopped = Policies.Answer(offer.Turn("7", "inactive").Build(), Meeting).Media[^1];
        NegotiatedMedia again = Policies.Answer(offer.Turn("7", "sendonly").Build(), Meeting).Media[^1];

        Assert.True(stopped is { Receiving: false, Sending: false, RemoteMsid: null });
        Assert.Equal((true, MeetingOffer.SourceOf("7")), (again.Receiving, again.RemoteSources.Single().Primary));
    }

    [Fact]
    public void Plain_page_sends_and_receives_in_the_same_sections()
    {
        SessionDescription offer = new MeetingOffer().Add("audio", "0", "sendrecv").Add("video", "1", "sendrecv")
            .Add(MeetingOffer.Data, "2", "").Build();

        NegotiatedSession session = Policies.Answer(
            offer, Meeting with { DecideSection = section => new SectionDecision(true, section.Kind == MediaKind.Video ? Alice : null) });

        Assert.Equal((true, false), (session.Media[0].Receiving, session.Media[0].Sending));
        Assert.Equal((true, true), (session.Media[1].Receiving, session.Media[1].Sending));
        Assert.Equal(MediaDirection.SendReceive, session.LocalDescription.Media[1].Direction);
        Assert.Equal(3, session.Media[1].ReceiveEncodings.Length);
        Assert.NotNull(session.Data);
    }

    [Fact]
    public void Sections_are_told_to_whoever_decides()
    {
        List<OfferedSection> sections = [];
        AnswerPolicy policy = Meeting with
        {
            DecideSection = section =>
            {
                sections.Add(section);
                return SectionDecision.None;
            },
        };
        SessionDescription offer = new MeetingOffer()
            .Add("audio", "0", "sendrecv").Add("video", "1", "sendonly").Add("video", "2", "recvonly").Add("audio", "3", "inactive")
                .Build();

        Policies.Answer(offer, policy);

        Assert.Equal(
            [("0", true, true, "stream track0", 1), ("1", true, false, "stream track1", 3), ("2", false, true, null, 0),
                ("3", false, false, null, 0)],
            sections.Select(section =>
            (section.Mid.Value, section.RemoteSends, section.RemoteReceives, section.RemoteMsid, section.Encodings)));
        Assert.Equal([111, 63], Policies.PayloadTypes(sections[0].Codecs));
        Assert.Equal(CodecKind.Vp8, sections[1].Codecs[0].Kind);
    }

    [Fact]
    public void Decision_can_not_go_beyond_the_offered_direction()
    {
        SessionDescription offer = new MeetingOffer().Add("video", "0", "sendonly").Add("video", "1", "recvonly")
            .Add("video", "2", "inactive").Build();

        NegotiatedSession session = Policies.Answer(offer, Meeting with { DecideSection = _ => new SectionDecision(true, Alice) });

        Assert.Equal([(true, false), (false, true), (false, false)], session.Media.Select(media => (media.Receiving, media.Sending)));
    }

    [Fact]
    public void Firefox_names_its_track_in_its_own_way_and_has_data_channels()
    {
        List<string?> msids = [];
        NegotiatedSession session = Policies.Answer(SdpFixtures.Read("firefox-offer-vp8sim"), Meeting with
        {
            DecideSection = section =>
            {
                msids.Add(section.RemoteMsid);
                return new SectionDecision(true, null);
            },
        });

        Assert.EndsWith("{353e6509-efc4-411a-9325-82a0b4490ac1}", msids[1], StringComparison.Ordinal);
        Assert.Equal(new NegotiatedData(new Mid("2"), 5000, 1_073_741_823), session.Data);
        Assert.Equal(3, session.Media[1].RemoteSources.Length);
    }

    [Fact]
    public void Firefox_section_that_only_receives_declares_a_source_that_is_no_stream()
    {
        string text = SdpFixtures.Text("firefox-offer-vp8sim").Replace("a=sendonly\r\n", "a=recvonly\r\n", StringComparison.Ordinal);

        NegotiatedSession session = Policies.Answer(SdpFixtures.Parse(text), Meeting);

        Assert.All(session.Media, media => Assert.Empty(media.RemoteSources));
    }

    [Theory]
    [InlineData("actpass", DtlsRole.Server, null)]
    [InlineData("actpass", DtlsRole.Client, null)]
    [InlineData("active", DtlsRole.Server, null)]
    [InlineData("passive", DtlsRole.Client, null)]
    [InlineData("active", DtlsRole.Client, NegotiationErrorCode.TransportChanged)]
    [InlineData("passive", DtlsRole.Server, NegotiationErrorCode.TransportChanged)]
    public void Role_stays(string setup, DtlsRole established, NegotiationErrorCode? code)
    {
        MeetingOffer offer = MeetingOffer.SinglePeerConnection();
        offer.Setup = setup;

        bool answered = SessionNegotiator.TryAnswer(offer.Build(), Meeting with
        { EstablishedRole = established }, out NegotiatedSession? session, out NegotiationError? error);

        Assert.Equal((code is null, code), (answered, error?.Code));
        if (answered)
        {
            Assert.Equal(established, session!.LocalDtlsRole);
            Assert.Equal(established == DtlsRole.Server ? SdpSetup.Passive : SdpSetup.Active, session.LocalDescription.Media[0].Setup);
        }
    }

    [Fact]
    public void Another_certificate_is_refused_on_a_living_transport()
    {
        NegotiatedSession first = Policies.Answer(MeetingOffer.SinglePeerConnection().Build(), Meeting);
        string changed = MeetingOffer.SinglePeerConnection().Build().ToString()
            .Replace("sha-256 20:A1", "sha-256 20:A2", StringComparison.Ordinal);

        Assert.Equal(NegotiationErrorCode.TransportChanged, Policies.Refuse(SdpFixtures.Parse(changed), Later(first, 2)).Code);
    }

    [Fact]
    public void Restart_is_known_by_its_credentials()
    {
        NegotiatedSession current = Policies.Answer(MeetingOffer.SinglePeerConnection().Build(), Meeting);
        MeetingOffer later = MeetingOffer.SinglePeerConnection().Add("video", "7", "sendonly").Turn("4", "inactive");
        Assert.False(SessionNegotiator.IsIceRestart(current, later.Build()));

        later.UsernameFragment = "new1";
        later.Password = "anotherpasswordanother12";
        Assert.True(SessionNegotiator.IsIceRestart(current, later.Build()));

        var credentials =
            new LocalTransport("restarted", "restartedrestartedrestarted", Policies.Transport.Fingerprint, Policies.Transport.Candidates);
        NegotiatedSession session = Policies.Answer(later.Build(), Later(current, 2) with { Transport = credentials });
        Assert.Equal("new1", session.Ice.UsernameFragment);
        Assert.All(session.LocalDescription.Media, media => Assert.Equal("restarted", media.IceUsernameFragment));
        Assert.False(SessionNegotiator.IsIceRestart(session, later.Build()));
    }

    [Fact]
    public void Offer_without_a_readable_transport_is_no_restart()
    {
        NegotiatedSession current = Policies.Answer(MeetingOffer.SinglePeerConnection().Build(), Meeting);

        Assert.False(SessionNegotiator.IsIceRestart(current, Offers.Parse(Offers.Session("") + "m=audio 9 UDP/TLS/RTP/SAVPF 111\n")));
        Assert.False(SessionNegotiator.IsIceRestart(current, Offers.Parse(Offers.Session("a=group:BUNDLE x\n"))));
    }

    [Fact]
    public void Stopped_section_is_rejected_and_the_others_live_on()
    {
        string text = MeetingOffer.SinglePeerConnection().Build().ToString()
            .Replace("BUNDLE 0 1", "BUNDLE 1", StringComparison.Ordinal)
            .Replace("m=audio 35388", "m=audio 0", StringComparison.Ordinal);

        NegotiatedSession session = Policies.Answer(SdpFixtures.Parse(text), Meeting);

        Assert.Equal([0, 0, 0], session.LocalDescription.Media.Take(3).Select(media => media.Port));
        Assert.Equal(["3", "4", "5"], session.Media.Select(media => media.Mid.Value));
    }

    [Fact]
    public void Encodings_are_known_by_their_rids_whatever_their_order()
    {
        string text = MeetingOffer.SinglePeerConnection().Add("video", "7", "sendonly").Build().ToString()
            .Replace("send q;h;f", "send f;h;q", StringComparison.Ordinal);

        Assert.Equal(
            [new Rid("f"), new Rid("h"), new Rid("q")],
                Policies.Answer(SdpFixtures.Parse(text), Meeting).Media[^1].ReceiveEncodings.AsEnumerable());
    }

    [Fact]
    public void Header_extensions_of_a_received_section_stay_when_a_source_is_added()
    {
        SessionDescription offer = new MeetingOffer().Add("video", "0", "sendrecv").Build();

        HeaderExtensionMap before = Policies.Answer(offer, Meeting).Media[0].Extensions;
        HeaderExtensionMap after = Policies.Answer(offer, Meeting with { DecideSection = _ => new SectionDecision(true, Alice) })
            .Media[0].Extensions;

        Assert.Equal(before.Entries, after.Entries);
    }

    [Fact]
    public void Hundred_and_twenty_sections_are_within_the_limits()
    {
        var offer = new MeetingOffer();
        for (int i = 0; i < 120; i++)
            offer.Add(i % 2 == 0 ? "audio" : "video", $"{i}", "recvonly");

        NegotiatedSession session = Policies.Answer(offer.Build(), Meeting);

        Assert.Equal(120, session.Media.Length);
        SdpFixtures.Parse(session.LocalDescription.ToString());
    }

    private static AnswerPolicy Later(NegotiatedSession current, ulong version) => Meeting with
    {
        SessionVersion = version,
        EstablishedRole = current.LocalDtlsRole,
        EstablishedFingerprints = current.RemoteFingerprints,
    };

    private static Func<OfferedSection, SectionDecision> Give(string mid, LocalSource source) =>
        section => section.Mid.Value == mid ? new SectionDecision(false, source) : SectionDecision.None;
}
