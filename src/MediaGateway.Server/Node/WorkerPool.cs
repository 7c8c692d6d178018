using System.Collections.Immutable;
using System.Net;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Platform.Dtls;
using MediaGateway.Platform.Memory;
using MediaGateway.Platform.Workers;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Background;
using MediaGateway.Server.Options;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Node;

/// <summary>The media workers of this node, which start and stop together, and what they share: DTLS certificate, clock, entropy.</summary>
internal sealed class WorkerPool(MediaOptions media, BandwidthOptions bandwidth, LimitsOptions limits, RoomsOptions rooms,
    NodeEvents events, Supervisor supervisor, ILogger<WorkerPool> logger)
    : IHostedService, IAsyncDisposable
{
    private readonly MonotonicClock _clock = new();
    private readonly PeerIdSource _peerIds = new();
    private ImmutableArray<WorkerHandle> _workers = [];
    private OpenSslDtlsContext? _dtls;
    private TransportFactory? _transports;
    private PeerFactory? _peers;
    private int _disposed;

    public ImmutableArray<WorkerHandle> Workers => _workers;

    /// <summary>True when the workers have been started and none of them has ended.</summary>
    public bool IsRunning => !_workers.IsEmpty && _workers.All(worker => worker.IsRunning);

    /// <summary>Answers the offers of publishers and viewers.</summary>
    /// <exception cref="InvalidOperationException">The pool has not been started.</exception>
    public PeerFactory Peers => _peers ?? throw new InvalidOperationException("The media workers have not been started.");

    public IEntropy Entropy { get; } = new SystemEntropy();

    /// <exception cref="OpenSslUnavailableException">libssl is missing or too old.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">A UDP address cannot be bound.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (OpenSslRuntime.Warning is { } warning)
            logger.PlatformWarning(warning);
        _dtls = new OpenSslDtlsContext(DtlsCertificate.CreateSelfSigned(TimeProvider.System));
        var ice = new IceOptions
        {
            ConnectTimeout = TimeSpan.FromSeconds(media.HandshakeTimeoutSeconds),
            ConsentTimeout = TimeSpan.FromSeconds(media.ConsentTimeoutSeconds),
        };
        var dtls = new DtlsOptions { HandshakeDeadline = TimeSpan.FromSeconds(media.HandshakeTimeoutSeconds) };
        _transports = new TransportFactory(_dtls, Entropy, _clock.NtpClock, ice, dtls)
        {
            EstimatesBandwidth = bandwidth.Enabled,
            InitialBitrate = new Bitrate(bandwidth.Initial),
            MaxBitrate = bandwidth is { Enabled: true, MaxPerViewer: > 0 } ? new Bitrate(bandwidth.MaxPerViewer) : null,
        };
        _peers = new PeerFactory(_transports);
        IReadOnlyList<IPAddress> addresses = CandidateAddresses.ToBind(media);
        SlateLibrary slates = Slates.Load();
        _workers = [.. Enumerable.Range(0, media.Workers).Select(index => CreateWorker(index, addresses, slates))];
        WorkerHandle.Connect(_workers);
        foreach (WorkerHandle worker in _workers)
            worker.Start();
        events.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        // The container knows this object under two services, and disposes it for each.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        foreach (WorkerHandle worker in _workers)
        {
            worker.Dispose();
            LogDrops(worker.Datapath.Drops);
        }
        await events.CompleteAsync();
        _dtls?.Dispose();
    }

    /// <summary>The worker that a room or live stream of this name lives on; always the same for one name.</summary>
    public WorkerHandle Of(string name)
    {
        uint hash = 2166136261;
        foreach (char character in name)
            hash = (hash ^ character) * 16777619;
        return _workers[(int)(hash % (uint)_workers.Length)];
    }

    public PeerId NextPeerId() => _peerIds.Next();

    /// <summary>The gateway's side of a new ICE session on a worker.</summary>
    public LocalTransport TransportOn(WorkerHandle worker, IceCredentials credentials) =>
        new(credentials.UsernameFragment, credentials.Password, _dtls!.Fingerprint, worker.Candidates);

    /// <summary>Makes every worker refuse new peers and end those it has. A repeat has nothing left to do.</summary>
    public Task DrainAsync() => Task.WhenAll(_workers.Select(worker => worker.InvokeAsync((logic, now) =>
    {
        logic.Drain(now);
        return true;
    })));

    private WorkerHandle CreateWorker(int index, IReadOnlyList<IPAddress> addresses, SlateLibrary slates)
    {
        var endpoint = new UdpEndpointOptions
        {
            Addresses = addresses,
            Port = media.Port == 0 ? 0 : media.Port + index,
            ReceiveBufferBytes = media.ReceiveBufferBytes,
            SendBufferBytes = media.SendBufferBytes,
            Engine = EngineOf(media.Datapath),
            Segmentation = media.Segmentation,
        };
        UdpDatapath datapath = UdpDatapath.Open(endpoint, new DropCounters());
        foreach (string warning in datapath.Warnings)
            logger.PlatformWarning(warning);
        logger.WorkerStarted(index, string.Join(", ", datapath.LocalAddresses), datapath.Engine.ToString());
        var options = new MediaWorkerOptions
        {
            Index = index,
            MaxPeers = DividedAmongWorkers(limits.MaxPeers),
            MaxHalfOpenPeers = DividedAmongWorkers(limits.MaxHalfOpenPeers),
            MaxViewersPerStream = limits.MaxViewersPerStream,
            MaxRooms = DividedAmongWorkers(rooms.MaxRooms),
            AllowsPause = bandwidth.AllowPause,
        };
        ImmutableArray<string> candidates = CandidateAddresses.ToAnnounce(media, datapath.LocalAddresses);
        var services = new RoomServices(_transports!, _peerIds, Entropy, candidates);
        int? processor = media.Processors.Count > 0 ? media.Processors[index] : null;
        var platform = new WorkerDatapath(datapath, datapath, new HardwarePrefetcher(), datapath.Drops);
        var worker = new MediaWorker(options, platform, events.Outbox, _clock.NtpClock, services, slates, _clock.Now);
        var thread = new WorkerThread(index, datapath, worker, _clock, fault => supervisor.Report("media worker", fault), processor);
        return new WorkerHandle(index, datapath, candidates, worker, thread, events.Outbox);
    }

    private void LogDrops(DropCounters drops)
    {
        string[] counts =
            [.. Enum.GetValues<DropReason>().Where(reason => drops[reason] > 0).Select(reason => $"{reason} {drops[reason]}")];
        if (counts.Length > 0)
            logger.DropsAtStop(string.Join(", ", counts));
    }

    private int DividedAmongWorkers(int limit) => (limit + media.Workers - 1) / media.Workers;

    private static DatapathEngine EngineOf(MediaDatapath datapath) => datapath switch
    {
        MediaDatapath.Linux => DatapathEngine.Mmsg,
        MediaDatapath.Portable => DatapathEngine.Portable,
        _ => DatapathEngine.Automatic,
    };
}
