using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MediaGateway.LoadTester.Media;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.TestClient;

namespace MediaGateway.LoadTester.Clients;

/// <summary>Sections of the clients' offers, and what their answers come to.</summary>
internal static class OfferedTracks
{
    private static readonly ImmutableArray<Rid> Rids = [new("q"), new("h"), new("f")];

    private const RtcpFeedbackKinds VideoFeedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli | RtcpFeedbackKinds.TransportCc;

    public static OfferedMedia ToSend(TrackSettings track, int index)
    {
        OfferedMedia section = Section(track.Codec, index, MediaDirection.Send);
        // Encodings are told apart by their RIDs, and have no SSRCs in the description.
        return track.IsSimulcast ? section with { Extensions = section.Extensions.Add(HeaderExtensionKind.RtpStreamId) }
            : section with { Source = SourceOf(index, 0) };
    }

    /// <summary>The id that a track has in the description.</summary>
    public static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"track{index}");

    /// <summary>Names of simulcast encodings, the lowest first, as browsers' SDKs give them.</summary>
    public static Rid RidOf(int encoding) => Rids[encoding];

    /// <summary>Our offers know no simulcast (RFC 8853): its lines are put behind the name of the section.</summary>
    public static SessionDescription WithSimulcast(SessionDescription offer, IReadOnlyList<PublishedTrack> tracks, bool isHighestFirst)
    {
        string text = offer.ToString();
        for (int i = 0; i < tracks.Count; i++)
        {
            if (!tracks[i].Settings.IsSimulcast)
                continue;
            Rid[] rids = [.. tracks[i].Settings.Encodings.Select((_, encoding) => RidOf(encoding))];
            if (isHighestFirst)
                Array.Reverse(rids);
            StringBuilder lines = new(string.Create(CultureInfo.InvariantCulture, $"a=mid:{i}\r\n"));
            string name = lines.ToString();
            lines.Append(CultureInfo.InvariantCulture, $"a=msid:load {NameOf(i)}\r\n");
            foreach (Rid rid in rids)
                lines.Append(CultureInfo.InvariantCulture, $"a=rid:{rid} send\r\n");
            lines.Append(CultureInfo.InvariantCulture, $"a=simulcast:send {string.Join(';', rids)}\r\n");
            text = text.Replace(name, lines.ToString(), StringComparison.Ordinal);
        }
        return ClientPeer.Parse(text);
    }

    /// <summary>Our transport sends each encoding as a section of its own under the one name.</summary>
    public static NegotiatedSession WithEncodings(NegotiatedSession session, IReadOnlyList<PublishedTrack> tracks) => session with
    {
        Media = [.. session.Media.SelectMany((media, index) => tracks[index].Settings is { IsSimulcast: true } track
            ? track.Encodings.Select((_, encoding) => media with { LocalSource = SourceOf(index, encoding) with { Retransmission = null } })
            : [media])],
    };

    public static OfferedMedia ToReceive(CodecKind codec, int index) => Section(codec, index, MediaDirection.Receive);

    private static LocalSource SourceOf(int index, int encoding)
    {
        var media = new Ssrc((uint)(1_000 + (8 * index) + (2 * encoding)));
        return new LocalSource(media, new Ssrc(media.Value + 1), "load", "load", NameOf(index));
    }

    private static OfferedMedia Section(CodecKind codec, int index, MediaDirection direction) => new()
    {
        Mid = new Mid(index.ToString(CultureInfo.InvariantCulture)),
        Kind = codec == CodecKind.Opus ? MediaKind.Audio : MediaKind.Video,
        Direction = direction,
        Codecs = [CodecOf(codec)],
        Extensions = codec == CodecKind.Opus
            ? [HeaderExtensionKind.Mid, HeaderExtensionKind.TransportSequenceNumber, HeaderExtensionKind.AudioLevel]
            : [HeaderExtensionKind.Mid, HeaderExtensionKind.TransportSequenceNumber],
    };

    private static RtpCodec CodecOf(CodecKind codec) => codec switch
    {
        CodecKind.Opus =>
            new RtpCodec(codec, default, ClockRate: 48_000, Channels: 2, "minptime=10;useinbandfec=1", null, RtcpFeedbackKinds.TransportCc),
        CodecKind.H264 => new RtpCodec(codec, default, ClockRate: 90_000, Channels: 1,
            "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", default(PayloadType), VideoFeedback),
        CodecKind.Vp9 => new RtpCodec(codec, default, ClockRate: 90_000, Channels: 1, "profile-id=0", default(PayloadType), VideoFeedback),
        _ => new RtpCodec(codec, default, ClockRate: 90_000, Channels: 1, "", default(PayloadType), VideoFeedback),
    };
}
