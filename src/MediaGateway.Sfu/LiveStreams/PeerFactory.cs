using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>
/// Answers offers and makes the peers behind them. That is costly (keys, a DTLS endpoint), so it is done away from the worker,
/// which takes over the finished peer. Thread-safe when its entropy is.
/// </summary>
/// <param name="transports">Makes their transports.</param>
public sealed class PeerFactory(TransportFactory transports)
{
    /// <summary>Makes a publisher from its offer.</summary>
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
        IceCredentials credentials = transports.CreateCredentials();
        var policy = new AnswerPolicy
        {
            Transport = transports.Describe(credentials, candidates),
            SessionId = transports.DrawSessionId(),
            Direction = MediaDirection.Receive,
            MaxAudioSections = kinds.Contains(MediaKind.Audio) ? 1 : 0,
            MaxVideoSections = kinds.Contains(MediaKind.Video) ? 1 : 0,
        };
        if (!SessionNegotiator.TryAnswer(offer, policy, out NegotiatedSession? session, out error))
            return false;
        publisher = new AnsweredPeer<Publisher>(new Publisher(id, transports.Create(credentials, offer, session)), session);
        return true;
    }

    /// <summary>Makes a viewer from its offer.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="offer">What it offers to receive.</param>
    /// <param name="streamCodecs">Codecs of the stream now, preferred in the answer; empty when nobody publishes.</param>
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
        IceCredentials credentials = transports.CreateCredentials();
        string streamId = transports.DrawToken();
        var policy = new AnswerPolicy
        {
            Transport = transports.Describe(credentials, candidates),
            SessionId = transports.DrawSessionId(),
            Direction = MediaDirection.Send,
            SentExtensions = transports.SentExtensions,
            PreferredCodecs = WithUnwrapped(streamCodecs),
            // Until somebody publishes it may become of either kind.
            RequiredKinds = streamCodecs.IsEmpty ? [MediaKind.Audio, MediaKind.Video] : KindsOf(streamCodecs),
            CreateLocalSource = (_, kind) => transports.CreateSource(kind, streamId, TrackIdOf(kind)),
        };
        if (!SessionNegotiator.TryAnswer(offer, policy, out NegotiatedSession? session, out error))
            return false;
        viewer = new AnsweredPeer<Viewer>(new Viewer(id, transports.Create(credentials, offer, session)), session);
        return true;
    }

    /// <summary>Adds the codec inside RED, for viewers that cannot do RED (RFC 2198).</summary>
    private static ImmutableArray<RtpCodec> WithUnwrapped(ImmutableArray<RtpCodec> codecs) =>
        codecs.Any(codec => codec.Kind == CodecKind.Red)
        ? codecs.Add(new RtpCodec(CodecKind.Opus, default, ClockRate: 48_000, Channels: 2, "", null, RtcpFeedbackKinds.None))
        : codecs;

    private static ImmutableArray<MediaKind> KindsOf(ImmutableArray<RtpCodec> codecs)
    {
        var kinds = ImmutableArray.CreateBuilder<MediaKind>(2);
        foreach (RtpCodec codec in codecs)
        {
            if (!kinds.Contains(codec.MediaKind))
                kinds.Add(codec.MediaKind);
        }
        return kinds.DrainToImmutable();
    }

    private static string TrackIdOf(MediaKind kind) => kind == MediaKind.Video ? "video" : "audio";
}
