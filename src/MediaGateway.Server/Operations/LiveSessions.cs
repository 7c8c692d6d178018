using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Server.Options;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Operations;

/// <summary>
/// The sessions of publishers and viewers of live streams. Offers are answered on the caller's thread, and the finished
/// peers are handed to the worker that is to carry them.
/// </summary>
internal sealed class LiveSessions(
    WorkerPool workers, SessionTable sessions, ViewerPlacement viewers, EventLog log, SessionUpdates updates, LimitsOptions limits)
    : ILiveStreams
{
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(20);

    private volatile bool _draining;

    public bool IsAccepting => !_draining && workers.IsRunning;

    public IReadOnlyList<StreamInfo> Streams => [.. log.State.Streams.Values.SelectMany(ToInfo)];

    public async Task<OpenedSession> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        SessionDescription offer = ParseOffer(request.OfferSdp);
        RequireStreamSlot(request.Stream);
        WorkerHandle worker = workers.Of(request.Stream.Value);
        ImmutableArray<MediaKind> kinds = [.. AllowedKinds(request)];
        request.Join?.Enter("answer");
        if (!workers.Peers.TryCreatePublisher(workers.NextPeerId(), offer, kinds, worker.Candidates, out AnsweredPeer<Publisher>? answered,
            out NegotiationError? error))
            throw SdpProblems.Unusable(error);
        string stream = request.Stream.Value;
        return await OpenAsync(
            answered.Peer,
            CreateSession(SessionKind.Whip, request.Stream, request.Identity, request.Source, worker, answered.Peer.Id,
            answered.Session) with
            {
                Join = request.Join,
            },
            answered.Session.LocalDescription,
            (media, now) => media.LiveStreams.OpenPublisher(stream, answered.Peer, request.TakeOver, now));
    }

    public async Task<OpenedSession> WatchAsync(WatchRequest request, CancellationToken cancellationToken)
    {
        SessionDescription offer = ParseOffer(request.OfferSdp);
        RequireStreamSlot(request.Stream);
        WorkerHandle home = workers.Of(request.Stream.Value);
        string stream = request.Stream.Value;
        request.Join?.Enter("answer");
        ImmutableArray<RtpCodec> codecs = await home.InvokeAsync((media, _) => media.LiveStreams.Find(stream)?.Codecs ?? []);
        // Only what is on air is relayed; who watches a source is where it is.
        int place = viewers.TryPlace(stream, home.Index, mayMove: request.Target.SourceId.Length == 0)
            ?? throw SdpProblems.Refused(OpenResult.TooManyViewers)!;
        WorkerHandle worker = workers.Workers[place];
        AnsweredPeer<Viewer> answered;
        try
        {
            answered = AnswerViewer(offer, codecs, worker);
        }
        catch
        {
            viewers.Release(stream, place);
            throw;
        }
        return await OpenAsync(
            answered.Peer,
            CreateSession(SessionKind.Whep, request.Stream, request.Identity, request.Source, worker, answered.Peer.Id,
            answered.Session) with
            {
                Join = request.Join,
            },
            answered.Session.LocalDescription,
            (media, now) => worker == home
                ? media.LiveStreams.OpenViewer(stream, request.Target, answered.Peer, now)
                : media.Mirrors.OpenViewer(home.Index, stream, request.Target, answered.Peer, now));
    }

    public Task<RestartedSession?> RestartIceAsync(SessionId id, string sdpFragment, CancellationToken cancellationToken) =>
        updates.RestartIceAsync(id, sdpFragment, cancellationToken);

    public Task AddCandidatesAsync(SessionId id, string sdpFragment, CancellationToken cancellationToken) =>
        updates.AddCandidatesAsync(id, sdpFragment);

    public async Task CloseAsync(SessionId id, CancellationToken cancellationToken)
    {
        MediaSession session = updates.Find(id);
        if (!await session.Worker.InvokeAsync((media, now) => media.Peers.Close(session.Peer, PeerCloseReason.ClosedByClient, now)))
            throw SessionUpdates.NotFound();
    }

    public bool TryGetSession(SessionId id, [NotNullWhen(true)] out SessionInfo? session)
    {
        session = sessions.TryGet(id, out MediaSession? found) ? found.Info : null;
        return session is not null;
    }

    public async Task DrainAsync(CancellationToken graceEnded)
    {
        _draining = true;
        await workers.DrainAsync();
        while (sessions.Count > 0)
            await Task.Delay(DrainPoll, graceEnded);
    }

    /// <summary>Refuses unless the stream exists or one more may.</summary>
    /// <exception cref="ContractException">AtCapacity or Draining.</exception>
    public void RequireStreamSlot(StreamName stream)
    {
        if (_draining)
            throw SdpProblems.Refused(OpenResult.Draining)!;
        ImmutableSortedDictionary<string, LiveStreamSnapshot> streams = log.State.Streams;
        if (streams.Count >= limits.MaxStreams && !streams.ContainsKey(stream.Value))
            throw new ContractException(ErrorCode.AtCapacity, "The gateway carries as many streams as it may.");
    }

    private async Task<OpenedSession> OpenAsync(Peer peer, MediaSession session, SessionDescription answer,
        Func<MediaWorker, MonotonicTime, OpenResult> open)
    {
        if (!sessions.TryAdd(session, limits.MaxHalfOpenPeersPerSource))
        {
            peer.Transport.Dispose();
            viewers.Release(session);
            throw new ContractException(ErrorCode.RateLimited,
                "Too many sessions from your address are waiting for their media to connect.");
        }
        session.Join?.Enter("open");
        OpenResult result;
        try
        {
            result = await session.Worker.InvokeAsync(open);
        }
        catch
        {
            Remove(session.Peer);
            throw;
        }
        if (SdpProblems.Refused(result) is { } refusal)
        {
            Remove(session.Peer);
            peer.Transport.Dispose();
            throw refusal;
        }
        session.Join?.Enter("connect");
        return new OpenedSession(session.Id, answer.ToString(), session.Info.ETag);
    }

    /// <exception cref="ContractException">UnusableSdp or NoCommonCodec.</exception>
    private AnsweredPeer<Viewer> AnswerViewer(SessionDescription offer, ImmutableArray<RtpCodec> codecs, WorkerHandle worker) =>
        workers.Peers.TryCreateViewer(workers.NextPeerId(), offer, codecs, worker.Candidates, out AnsweredPeer<Viewer>? answered,
        out NegotiationError? error)
            ? answered
            : throw SdpProblems.Unusable(error);

    /// <summary>Forgets a session whose peer was not opened.</summary>
    private void Remove(PeerId peer)
    {
        MediaSession? session = sessions.Remove(peer);
        if (session is not null)
            viewers.Release(session);
    }

    private MediaSession CreateSession(
        SessionKind kind, StreamName stream, ParticipantIdentity identity, IPAddress source, WorkerHandle worker, PeerId peer,
        NegotiatedSession negotiated)
    {
        // The answer carries the username fragment that names this ICE session.
        return new MediaSession(
            SessionId.Create(workers.Entropy), peer, worker, source, negotiated.Condensed(),
            new SessionInfo(kind, stream, identity, EntityTags.Of(negotiated.LocalUsernameFragment)));
    }

    private static SessionDescription ParseOffer(string text) =>
        SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? offer, out SdpError? error)
            ? offer!
            : throw SdpProblems.Malformed(error!);

    private static IEnumerable<MediaKind> AllowedKinds(PublishRequest request)
    {
        if (request.AllowAudio)
            yield return MediaKind.Audio;
        if (request.AllowVideo)
            yield return MediaKind.Video;
    }

    private static IEnumerable<StreamInfo> ToInfo(LiveStreamSnapshot stream)
    {
        if (StreamName.TryParse(stream.Name, out StreamName name))
            yield return new StreamInfo(name, stream.IsLive, stream.ViewerCount, [.. stream.Codecs.Select(codec => codec.Kind)]);
    }
}
