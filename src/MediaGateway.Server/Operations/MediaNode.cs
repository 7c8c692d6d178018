using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Dtls;
using MediaGateway.Platform.Udp;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Operations;

/// <summary>
/// The media side of the process: workers, sessions, live streams. Answers offers on the caller's thread and
/// hands finished peers to the worker that owns the stream.
/// </summary>
internal sealed class MediaNode : ILiveStreams, IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(20);

    private readonly MediaOptions _media;
    private readonly LimitsOptions _limits;
    private readonly RoomsOptions _rooms;
    private readonly ILogger<MediaNode> _logger;
    private readonly MonotonicClock _clock = new();
    private readonly SystemEntropy _entropy = new();
    private readonly SessionTable _sessions = new();
    private readonly ViewerPlacement _viewers;
    private readonly ConcurrentDictionary<string, LiveStreamSnapshot> _streams = new(StringComparer.Ordinal);
    private readonly WorkerEvents _events = new();
    private readonly EventLog _told;
    private readonly FaultReporter _faults;
    private readonly SemaphoreSlim _restarts = new(1);
    private ImmutableArray<WorkerHandle> _workers = [];
    private OpenSslDtlsContext? _dtls;
    private readonly PeerIdSource _peerIds = new();
    private TransportFactory? _transports;
    private PeerFactory? _peers;
    private Task _eventLoop = Task.CompletedTask;
    private volatile bool _draining;
    private int _disposed;

    public MediaNode(MediaOptions media, LimitsOptions limits, RoomsOptions rooms, EventLog told, ILogger<MediaNode> logger)
    {
        _told = told;
        _media = media;
        _limits = limits;
        _rooms = rooms;
        _logger = logger;
        _faults = new FaultReporter(logger, _clock);
        _viewers = new ViewerPlacement(media.Workers, media.ViewersPerWorker, limits.MaxViewersPerStream);
    }

    public bool IsAccepting => !_draining && !_workers.IsEmpty && _workers.All(worker => worker.IsRunning);

    public ImmutableArray<WorkerHandle> Workers => _workers;

    public IReadOnlyList<StreamInfo> Streams => [.. _streams.Values.SelectMany(ToInfo)];

    private PeerFactory Peers => _peers ?? throw new InvalidOperationException("The media node has not been started.");

    /// <exception cref="OpenSslUnavailableException">libssl is missing or too old.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">A UDP address cannot be bound.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (OpenSslRuntime.Warning is { } warning)
            _logger.PlatformWarning(warning);
        _dtls = new OpenSslDtlsContext(DtlsCertificate.CreateSelfSigned(TimeProvider.System));
        var ice = new IceOptions
        {
            ConnectTimeout = TimeSpan.FromSeconds(_media.HandshakeTimeoutSeconds),
            ConsentTimeout = TimeSpan.FromSeconds(_media.ConsentTimeoutSeconds),
        };
        var dtlsOptions = new DtlsOptions { HandshakeDeadline = TimeSpan.FromSeconds(_media.HandshakeTimeoutSeconds) };
        _transports = new TransportFactory(_dtls, _entropy, _clock.NtpClock, ice, dtlsOptions);
        _peers = new PeerFactory(_transports);
        IReadOnlyList<IPAddress> addresses = CandidateAddresses.ToBind(_media);
        SlateLibrary slates = Slates.Load();
        _workers = [.. Enumerable.Range(0, _media.Workers).Select(index => CreateWorker(index, addresses, slates))];
        WorkerHandle.Connect(_workers);
        foreach (WorkerHandle worker in _workers)
            worker.Start();
        _eventLoop = Task.Run(ReadEventsAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        // The container knows this object under three services, and disposes it for each.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        foreach (WorkerHandle worker in _workers)
        {
            worker.Dispose();
            LogDrops(worker.Datapath.Drops);
        }
        _events.Complete();
        await _eventLoop;
        _restarts.Dispose();
        _dtls?.Dispose();
    }

    public async Task<OpenedSession> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        SessionDescription offer = ParseOffer(request.OfferSdp);
        RequireStreamSlot(request.Stream);
        WorkerHandle worker = WorkerOf(request.Stream);
        ImmutableArray<MediaKind> kinds = [.. AllowedKinds(request)];
        if (!Peers.TryCreatePublisher(_peerIds.Next(), offer, kinds, worker.Candidates, out AnsweredPeer<Publisher>? answered, out NegotiationError? error))
            throw SdpProblems.Unusable(error);
        string stream = request.Stream.Value;
        return await OpenAsync(
            answered.Peer,
            CreateSession(SessionKind.Whip, request.Stream, request.Identity, request.Source, worker, answered.Peer.Id, answered.Session),
            answered.Session.LocalDescription,
            (media, now) => media.OpenPublisher(stream, answered.Peer, request.TakeOver, now));
    }

    public async Task<OpenedSession> WatchAsync(WatchRequest request, CancellationToken cancellationToken)
    {
        SessionDescription offer = ParseOffer(request.OfferSdp);
        RequireStreamSlot(request.Stream);
        WorkerHandle home = WorkerOf(request.Stream);
        string stream = request.Stream.Value;
        ImmutableArray<RtpCodec> codecs = await home.InvokeAsync((media, _) => media.FindStream(stream)?.Codecs ?? []);
        // Only what is on air is relayed; who watches a source is where it is.
        int place = _viewers.TryPlace(stream, home.Index, mayMove: request.Target.SourceId.Length == 0)
            ?? throw SdpProblems.Refused(OpenResult.TooManyViewers)!;
        WorkerHandle worker = _workers[place];
        AnsweredPeer<Viewer> answered;
        try
        {
            answered = AnswerViewer(offer, codecs, worker);
        }
        catch
        {
            _viewers.Release(stream, place);
            throw;
        }
        return await OpenAsync(
            answered.Peer,
            CreateSession(SessionKind.Whep, request.Stream, request.Identity, request.Source, worker, answered.Peer.Id, answered.Session),
            answered.Session.LocalDescription,
            (media, now) => worker == home
                ? media.OpenViewer(stream, request.Target, answered.Peer, now)
                : media.OpenRelayedViewer(home.Index, stream, request.Target, answered.Peer, now));
    }

    public async Task<RestartedSession> RestartIceAsync(SessionId id, string sdpFragment, CancellationToken cancellationToken)
    {
        SdpFragment fragment = ParseFragment(sdpFragment);
        // One at a time: of two restarts of one session the worker and the table must keep the same.
        await _restarts.WaitAsync(cancellationToken);
        try
        {
            return await RestartIceAsync(Find(id), fragment);
        }
        finally
        {
            _restarts.Release();
        }
    }

    public async Task AddCandidatesAsync(SessionId id, string sdpFragment, CancellationToken cancellationToken)
    {
        MediaSession session = Find(id);
        SdpFragment fragment = ParseFragment(sdpFragment);
        if (fragment.UsernameFragment is { } usernameFragment && usernameFragment != session.Negotiated.Ice.UsernameFragment)
        {
            throw new ContractException(
                ErrorCode.UnusableSdp, "The fragment belongs to another ICE session; an ICE restart is asked for with If-Match: \"*\".");
        }
        ImmutableArray<IceCandidate> candidates = [.. ParseCandidates(fragment)];
        await session.Worker.InvokeAsync((media, _) => AddCandidates(media, session.Peer, candidates));
    }

    public async Task CloseAsync(SessionId id, CancellationToken cancellationToken)
    {
        MediaSession session = Find(id);
        if (!await session.Worker.InvokeAsync((media, now) => media.ClosePeer(session.Peer, PeerCloseReason.ClosedByClient, now)))
            throw SessionNotFound();
    }

    public bool TryGetSession(SessionId id, [NotNullWhen(true)] out SessionInfo? session)
    {
        session = _sessions.TryGet(id, out MediaSession? found) ? found.Info : null;
        return session is not null;
    }

    public async Task DrainAsync(CancellationToken graceEnded)
    {
        _draining = true;
        await DrainWorkersAsync();
        while (_sessions.Count > 0)
            await Task.Delay(DrainPoll, graceEnded);
    }

    /// <summary>Every worker takes nobody in any more and ends all it has; asked again, it has nothing left to do.</summary>
    internal Task DrainWorkersAsync() => Task.WhenAll(_workers.Select(worker => worker.InvokeAsync((media, now) =>
    {
        media.Drain(now);
        return true;
    })));

    /// <summary>The numbers of a stream and of its viewers on all workers; null when there is none of this name.</summary>
    internal async Task<LiveStreamStats?> MeasureAsync(string stream)
    {
        Task<LiveStreamStats?> own = WorkerOf(stream).InvokeAsync((media, _) => media.FindStream(stream)?.Measure());
        LiveStreamStats?[] relayed = await Task.WhenAll(_workers.Select(worker => worker.InvokeAsync((media, _) => media.FindRelayedStream(stream)?.Measure())));
        return relayed.OfType<LiveStreamStats>().Aggregate(await own, (sum, part) => sum?.With(part));
    }

    /// <summary>Completes once everything is known that the workers have told by now.</summary>
    internal Task EventsReadAsync() => _events.MarkAsync();

    private async Task<RestartedSession> RestartIceAsync(MediaSession session, SdpFragment fragment)
    {
        var local = IceCredentials.Create(_entropy);
        if (!SessionNegotiator.TryRestart(session.Negotiated, fragment, TransportOf(session, local), out RestartAnswer? restarted, out NegotiationError? error))
            throw SdpProblems.Unusable(error);
        var remote = new IceCredentials(restarted.Session.Ice.UsernameFragment, restarted.Session.Ice.Password);
        if (!await session.Worker.InvokeAsync((media, now) => media.RestartIce(session.Peer, local, remote, now)))
            throw SessionNotFound();
        _sessions.Update(session.Id, known => known with { Negotiated = restarted.Session, Info = known.Info with { ETag = ETagOf(local) } });
        return new RestartedSession(restarted.Fragment.ToString(), ETagOf(local));
    }

    private async Task<OpenedSession> OpenAsync(Peer peer, MediaSession session, SessionDescription answer, Func<MediaWorker, MonotonicTime, OpenResult> open)
    {
        if (!_sessions.TryAdd(session, _limits.MaxHalfOpenPeersPerSource))
        {
            peer.Transport.Dispose();
            GiveBack(session);
            throw new ContractException(ErrorCode.RateLimited, "Too many sessions from your address are waiting for their media to connect.");
        }
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
        return new OpenedSession(session.Id, answer.ToString(), session.Info.ETag);
    }

    /// <exception cref="ContractException">UnusableSdp or NoCommonCodec.</exception>
    private AnsweredPeer<Viewer> AnswerViewer(SessionDescription offer, ImmutableArray<RtpCodec> codecs, WorkerHandle worker) =>
        Peers.TryCreateViewer(_peerIds.Next(), offer, codecs, worker.Candidates, out AnsweredPeer<Viewer>? answered, out NegotiationError? error)
            ? answered
            : throw SdpProblems.Unusable(error);

    /// <summary>The session that ended; null when it had been removed before.</summary>
    private MediaSession? Remove(PeerId peer)
    {
        MediaSession? session = _sessions.Remove(peer);
        if (session is not null)
            GiveBack(session);
        return session;
    }

    /// <summary>A viewer's place on its worker.</summary>
    private void GiveBack(MediaSession session)
    {
        if (session.Info.Kind == SessionKind.Whep)
            _viewers.Release(session.Info.Stream.Value, session.Worker.Index);
    }

    private WorkerHandle CreateWorker(int index, IReadOnlyList<IPAddress> addresses, SlateLibrary slates)
    {
        var endpoint = new UdpEndpointOptions
        {
            Addresses = addresses,
            Port = _media.Port == 0 ? 0 : _media.Port + index,
            ReceiveBufferBytes = _media.ReceiveBufferBytes,
            SendBufferBytes = _media.SendBufferBytes,
            Engine = EngineOf(_media.Datapath),
            Segmentation = _media.Segmentation,
        };
        UdpDatapath datapath = UdpDatapath.Open(endpoint, new DropCounters());
        foreach (string warning in datapath.Warnings)
            _logger.PlatformWarning(warning);
        _logger.WorkerStarted(index, string.Join(", ", datapath.LocalAddresses), datapath.Engine.ToString());
        var options = new MediaWorkerOptions
        {
            Index = index,
            MaxPeers = DividedAmongWorkers(_limits.MaxPeers),
            MaxHalfOpenPeers = DividedAmongWorkers(_limits.MaxHalfOpenPeers),
            MaxViewersPerStream = _limits.MaxViewersPerStream,
            MaxRooms = DividedAmongWorkers(_rooms.MaxRooms),
        };
        ImmutableArray<string> candidates = CandidateAddresses.ToAnnounce(_media, datapath.LocalAddresses);
        var rooms = new RoomServices(_transports!, _peerIds, _entropy, candidates);
        return new WorkerHandle(index, datapath, options, _events, _clock, rooms, slates, _faults.Report, _media.Processors.Count > 0 ? _media.Processors[index] : null);
    }

    private void LogDrops(DropCounters drops)
    {
        string[] counts = [.. Enum.GetValues<DropReason>().Where(reason => drops[reason] > 0).Select(reason => $"{reason} {drops[reason]}")];
        if (counts.Length > 0)
            _logger.DropsAtStop(string.Join(", ", counts));
    }

    private int DividedAmongWorkers(int limit) => (limit + _media.Workers - 1) / _media.Workers;

    private async Task ReadEventsAsync()
    {
        await foreach (WorkerEvent happened in _events.ReadAllAsync())
        {
            switch (happened)
            {
                case WorkerEvent.PeerConnected connected when _sessions.MarkConnected(connected.Peer) is { } session:
                    using (_logger.SessionScope(session.Info.Stream, session.Id))
                        _logger.PeerConnected();
                    break;
                case WorkerEvent.PeerClosed closed when Remove(closed.Peer) is { } session:
                    using (_logger.SessionScope(session.Info.Stream, session.Id))
                        _logger.PeerClosed(closed.Reason);
                    break;
                case WorkerEvent.PeerFaulted fault:
                    _logger.PeerFault(fault.Peer, fault.Fault);
                    break;
                case WorkerEvent.RoomChanged room:
                    _told.Append(new NodeChange.RoomUpserted(room.Room));
                    break;
                case WorkerEvent.ParticipantChanged changed:
                    _told.Append(new NodeChange.ParticipantUpserted(changed.Room, changed.Participant));
                    break;
                case WorkerEvent.ParticipantLeft left:
                    _told.Append(new NodeChange.ParticipantRemoved(left.Room, left.Participant));
                    break;
                case WorkerEvent.RoomClosed room:
                    _told.Append(new NodeChange.RoomRemoved(room.Name, room.Sid));
                    _logger.RoomClosed(room.Name, room.Sid);
                    break;
                case WorkerEvent.LiveStreamFaulted fault:
                    _logger.StreamFault(fault.Stream, fault.Fault);
                    break;
                case WorkerEvent.RelayFaulted fault:
                    _logger.RelayFault(fault.Fault);
                    break;
                case WorkerEvent.RoomFaulted fault:
                    _logger.RoomFault(fault.Room, fault.Fault);
                    break;
                case WorkerEvent.OverloadChanged { Overload: { IsOverloaded: true } overload }:
                    string behind = overload.Load.Delay is { } delay ? string.Create(CultureInfo.InvariantCulture, $"{delay.TotalMilliseconds:F0} ms") : "an unknown time";
                    _logger.WorkerOverloaded(
                        overload.Worker, Math.Round(100 * overload.Load.Busy), behind, overload.Load.Lost, overload.HighestLevel, SheddingPlan.MaxLevel);
                    break;
                case WorkerEvent.OverloadChanged { Overload: { } over }:
                    _logger.WorkerRecovered(
                        over.Worker, Math.Round(over.Lasted.TotalSeconds, 1), over.PacketsShed, over.HighestLevel, SheddingPlan.MaxLevel);
                    break;
                case WorkerEvent.LiveStreamChanged { Stream: { IsEnded: true } ended }:
                    if (_streams.TryRemove(ended.Name, out _))
                        _told.Append(new NodeChange.StreamRemoved(ended.Name));
                    break;
                case WorkerEvent.LiveStreamChanged { Stream: { } stream }:
                    _streams[stream.Name] = stream;
                    _told.Append(new NodeChange.StreamUpserted(stream));
                    break;
            }
        }
    }

    private MediaSession CreateSession(
        SessionKind kind, StreamName stream, ParticipantIdentity identity, IPAddress source, WorkerHandle worker, PeerId peer, NegotiatedSession negotiated)
    {
        // The answer carries the username fragment that names this ICE session.
        string usernameFragment = negotiated.LocalDescription.Media[0].IceUsernameFragment ?? negotiated.LocalDescription.IceUsernameFragment!;
        return new MediaSession(
            SessionId.Create(_entropy), peer, worker, source, negotiated.Condensed(), new SessionInfo(kind, stream, identity, ETagOf(usernameFragment)));
    }

    private WorkerHandle WorkerOf(StreamName stream) => WorkerOf(stream.Value);

    /// <summary>A stream, or a room, of one name always lives on the same worker.</summary>
    internal WorkerHandle WorkerOf(string name)
    {
        uint hash = 2166136261;
        foreach (char character in name)
            hash = (hash ^ character) * 16777619;
        return _workers[(int)(hash % (uint)_workers.Length)];
    }

    /// <exception cref="ContractException">AtCapacity or Draining.</exception>
    internal void RequireStreamSlot(StreamName stream)
    {
        if (_draining)
            throw SdpProblems.Refused(OpenResult.Draining)!;
        if (_streams.Count >= _limits.MaxStreams && !_streams.ContainsKey(stream.Value))
            throw new ContractException(ErrorCode.AtCapacity, "The gateway carries as many streams as it may.");
    }

    private MediaSession Find(SessionId id) => _sessions.TryGet(id, out MediaSession? session) ? session : throw SessionNotFound();

    private LocalTransport TransportOf(MediaSession session, IceCredentials local) =>
        new(local.UsernameFragment, local.Password, _dtls!.Fingerprint, session.Worker.Candidates);

    private static ContractException SessionNotFound() => new(ErrorCode.SessionNotFound, "The session has ended.");

    private static bool AddCandidates(MediaWorker media, PeerId peer, ImmutableArray<IceCandidate> candidates)
    {
        if (media.FindPeer(peer) is not { } found)
            return false;
        foreach (IceCandidate candidate in candidates)
            found.Transport.Ice.AddRemoteCandidate(candidate);
        return true;
    }

    private static SessionDescription ParseOffer(string text) =>
        SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? offer, out SdpError? error)
            ? offer!
            : throw SdpProblems.Malformed(error!);

    private static SdpFragment ParseFragment(string text) =>
        SdpFragment.TryParse(text, SdpLimits.Default, out SdpFragment? fragment, out SdpError? error)
            ? fragment!
            : throw SdpProblems.MalformedFragment(error!);

    /// <summary>Candidates we cannot use (host names, other transports) are no error: the client's checks come anyway.</summary>
    private static IEnumerable<IceCandidate> ParseCandidates(SdpFragment fragment)
    {
        foreach (FragmentCandidate candidate in fragment.TrickledCandidates)
        {
            if (IceCandidate.TryParse(candidate.Value, out IceCandidate? parsed))
                yield return parsed;
        }
    }

    private static IEnumerable<MediaKind> AllowedKinds(PublishRequest request)
    {
        if (request.AllowAudio)
            yield return MediaKind.Audio;
        if (request.AllowVideo)
            yield return MediaKind.Video;
    }

    private static DatapathEngine EngineOf(MediaDatapath datapath) => datapath switch
    {
        MediaDatapath.Linux => DatapathEngine.Mmsg,
        MediaDatapath.Portable => DatapathEngine.Portable,
        _ => DatapathEngine.Automatic,
    };

    private static string ETagOf(IceCredentials credentials) => ETagOf(credentials.UsernameFragment);

    /// <summary>Base64url, while ice-chars include + and /.</summary>
    private static string ETagOf(string usernameFragment) => usernameFragment.Replace('+', '-').Replace('/', '_');

    private static IEnumerable<StreamInfo> ToInfo(LiveStreamSnapshot stream)
    {
        if (StreamName.TryParse(stream.Name, out StreamName name))
            yield return new StreamInfo(name, stream.IsLive, stream.ViewerCount, [.. stream.Codecs.Select(codec => codec.Kind)]);
    }
}
