using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.Sfu.Rooms;

/// <summary>
/// Answers offers and makes the peers behind them. Costly (keys, a DTLS endpoint), so it is done away from the worker,
/// which takes over the finished peer. Thread-safe when its entropy is.
/// </summary>
/// <param name="dtls">The process's certificate and DTLS settings.</param>
/// <param name="entropy">Credentials, SSRCs and initial numbers.</param>
/// <param name="clock">The node's NTP clock.</param>
/// <param name="ice">ICE timeouts.</param>
/// <param name="dtlsOptions">DTLS timeouts.</param>
public sealed class PeerFactory(IDtlsContext dtls, IEntropy entropy, NtpClock clock, IceOptions ice, DtlsOptions dtlsOptions)
{
    /// <summary>As DTLS client GCM alone is offered where the other side can do it: Chromium would pick AES-CM.</summary>
    private static readonly ImmutableArray<SrtpProfile> ClientProfiles = [SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm];

    /// <summary>A publisher from its offer.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="offer">What it offers to send.</param>
    /// <param name="kinds">Which kinds of media it may send; sections of others are declined.</param>
    /// <param name="candidates">Candidate-attribute values of the worker it will live on.</param>
    /// <param name="publisher">The peer, with its answer.</param>
    /// <param name="error">Why the offer cannot be answered.</param>
    public bool TryCreatePublisher(
        PeerId id,
        SessionDescription offer,
        ImmutableArray<MediaKind> kinds,
        ImmutableArray<string> candidates,
        [NotNullWhen(true)] out AnsweredPeer<Publisher>? publisher,
        [NotNullWhen(false)] out NegotiationError? error)
    {
        publisher = null;
        var credentials = IceCredentials.Create(entropy);
        AnswerPolicy policy = PolicyFor(credentials, candidates, MediaDirection.Receive) with
        {
            MaxAudioSections = kinds.Contains(MediaKind.Audio) ? 1 : 0,
            MaxVideoSections = kinds.Contains(MediaKind.Video) ? 1 : 0,
        };
        if (!SessionNegotiator.TryAnswer(offer, policy, out NegotiatedSession? session, out error))
            return false;
        publisher = new AnsweredPeer<Publisher>(new Publisher(id, CreateTransport(credentials, offer, session)), session);
        return true;
    }

    /// <summary>A viewer from its offer.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="offer">What it offers to receive.</param>
    /// <param name="streamCodecs">What the stream is in now, preferred in the answer; empty when nobody publishes.</param>
    /// <param name="candidates">Candidate-attribute values of the worker it will live on.</param>
    /// <param name="viewer">The peer, with its answer.</param>
    /// <param name="error">Why the offer cannot be answered.</param>
    public bool TryCreateViewer(
        PeerId id,
        SessionDescription offer,
        ImmutableArray<RtpCodec> streamCodecs,
        ImmutableArray<string> candidates,
        [NotNullWhen(true)] out AnsweredPeer<Viewer>? viewer,
        [NotNullWhen(false)] out NegotiationError? error)
    {
        viewer = null;
        var credentials = IceCredentials.Create(entropy);
        string streamId = DrawToken();
        AnswerPolicy policy = PolicyFor(credentials, candidates, MediaDirection.Send) with
        {
            PreferredCodecs = WithUnwrapped(streamCodecs),
            RequiredKinds = [.. streamCodecs.Select(codec => codec.MediaKind).Distinct()],
            CreateLocalSource = (_, kind) => CreateSource(kind, streamId),
        };
        if (!SessionNegotiator.TryAnswer(offer, policy, out NegotiatedSession? session, out error))
            return false;
        viewer = new AnsweredPeer<Viewer>(new Viewer(id, CreateTransport(credentials, offer, session)), session);
        return true;
    }

    /// <summary>A viewer without RED gets what is inside it (RFC 2198).</summary>
    private static ImmutableArray<RtpCodec> WithUnwrapped(ImmutableArray<RtpCodec> codecs) => codecs.Any(codec => codec.Kind == CodecKind.Red)
        ? codecs.Add(new RtpCodec(CodecKind.Opus, default, ClockRate: 48_000, Channels: 2, "", null, RtcpFeedbackKinds.None))
        : codecs;

    private AnswerPolicy PolicyFor(IceCredentials credentials, ImmutableArray<string> candidates, MediaDirection direction)
    {
        Span<byte> random = stackalloc byte[8];
        entropy.Fill(random);
        return new AnswerPolicy
        {
            Transport = new LocalTransport(credentials.UsernameFragment, credentials.Password, dtls.Fingerprint, candidates),
            SessionId = BitConverter.ToUInt64(random) >> 1,
            Direction = direction,
        };
    }

    private PeerTransport CreateTransport(IceCredentials credentials, SessionDescription offer, NegotiatedSession session) => new(
        new PeerTransportOptions
        {
            LocalIce = credentials,
            Ice = ice,
            Dtls = session.LocalDtlsRole == DtlsRole.Client && IsBrowser(offer)
                ? dtlsOptions with { Profiles = ClientProfiles }
                : dtlsOptions,
            Clock = clock,
            CanonicalName = session.Media.FirstOrDefault(media => media.LocalSource is not null)?.LocalSource?.CanonicalName ?? DrawToken(),
        },
        session,
        dtls,
        entropy);

    /// <summary>
    /// Both browsers take AES-GCM when it is all there is. Chromium gives itself away by <c>rtcp-xr</c>, Firefox by its
    /// origin; others may know AES-CM alone and are offered everything.
    /// </summary>
    private static bool IsBrowser(SessionDescription offer) =>
        offer.Origin.Username.StartsWith("mozilla", StringComparison.Ordinal) || offer.Media.Any(media => media.HasAttribute("rtcp-xr"));

    private LocalSource CreateSource(MediaKind kind, string streamId) => new(
        DrawSsrc(),
        kind == MediaKind.Video ? DrawSsrc() : null,
        CanonicalName: streamId,
        streamId,
        TrackId: kind == MediaKind.Video ? "video" : "audio");

    private Ssrc DrawSsrc()
    {
        Span<byte> random = stackalloc byte[4];
        entropy.Fill(random);
        // 0 means "no source" in several stacks.
        return new Ssrc(BitConverter.ToUInt32(random) | 1);
    }

    private string DrawToken()
    {
        Span<byte> random = stackalloc byte[8];
        entropy.Fill(random);
        return BitConverter.ToUInt64(random).ToString("x16", CultureInfo.InvariantCulture);
    }
}
