using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Peers;

/// <summary>
/// A remote peer on a worker: its transport and its one entry in the timer wheel. Media that it sends go to the publication of their
/// section, and its feedback to the subscription of its section, whatever the peer is for; what it is for is the subclass's matter.
/// </summary>
public abstract class Peer : TimerEntry, IMediaHandler, IMediaOrigin, IReceiver
{
    /// <summary>The peer's place among the handshakes that wait; only <c>HandshakeQueue</c> uses it.</summary>
    internal HandshakeBacklog HandshakeBacklog;

    private WorkerContext? _context;
    private Downlink? _downlink;
    private PeerTransportState _reported = PeerTransportState.New;

    protected Peer(PeerId id, PeerTransport transport)
    {
        Id = id;
        Transport = transport;
    }

    public PeerId Id { get; }

    public PeerTransport Transport { get; }

    /// <summary>Time at which the peer was attached to its worker.</summary>
    public MonotonicTime Since { get; private set; }

    /// <summary>True when the worker counts the peer as connected; only its registry sets it.</summary>
    internal bool CountsAsConnected { get; set; }

    /// <summary>All that the peer receives. Made with the first use: many peers only send.</summary>
    internal Downlink Downlink => _downlink ??= new Downlink(this, Context.Media, Context.Shedding, Context.Allocation);

    protected WorkerContext Context => _context ?? throw new InvalidOperationException("The peer is not attached to a worker.");

    /// <summary>Receiver of data messages; null for a peer that has no use for them.</summary>
    protected virtual IDataHandler? DataHandler => null;

    /// <summary>Told when the transport has connected or closed.</summary>
    internal IPeerObserver? Observer { get; set; }

    /// <summary>Measures the line to the peer.</summary>
    public LineStats MeasureLine() => LineStats.Of(Transport.Rtp.Congestion, LineShortage);

    /// <summary>Count of the videos that the line keeps from the peer.</summary>
    internal VideoShortage LineShortage => _downlink?.ShortageBy(LimitCause.Bandwidth) ?? default;

    public void Attach(WorkerContext context, MonotonicTime now)
    {
        _context = context;
        Since = now;
        Transport.Attach(context.Datagrams, this, DataHandler, context.Drops, now);
        Reschedule();
    }

    public void Close(PeerCloseReason reason, MonotonicTime now)
    {
        Transport.Close(reason, now);
        AfterEvent(now);
    }

    /// <summary>Follows a change; to be called after anything that may have changed the transport's state or deadline.</summary>
    public void AfterEvent(MonotonicTime now)
    {
        // First of all: what the line carries decides which key frame is asked for.
        _downlink?.OnLine(now);
        if (Transport.State != _reported)
        {
            PeerTransportState before = _reported;
            _reported = Transport.State;
            if (_reported == PeerTransportState.Closed)
                _downlink?.Close(Context.Lines);
            // The observer first: what connecting brings about may close the peer at once.
            Observer?.OnPeerStateChanged(this, now);
            if (before < PeerTransportState.Connected && Transport.State == PeerTransportState.Connected)
            {
                _downlink?.OnConnected(now);
                OnConnected(now);
            }
        }
        Reschedule();
    }

    RemoteClock IMediaOrigin.Clock => Transport.Rtp.RemoteClock;

    CongestionController? IReceiver.Congestion => Transport.Rtp.Congestion;

    LineState IReceiver.Line
    {
        get
        {
            CongestionController congestion = Transport.Rtp.Congestion;
            return new LineState(congestion.Estimate, congestion.IsAssumed, congestion.IsCongested, congestion.Version);
        }
    }

    void IReceiver.SetDemand(in LineDemand demand, MonotonicTime now)
    {
        Transport.Rtp.Congestion.SetDemand(demand.Sending, demand.Goal, demand.Wish, now);
        Reschedule();
    }

    bool IMediaOrigin.IsClosed => Transport.State == PeerTransportState.Closed;

    void IMediaOrigin.RequestKeyFrame(RtpReceiveStream stream, MonotonicTime now)
    {
        Transport.Rtp.RequestKeyFrame(stream, now);
        Reschedule();
    }

    void IMediaOrigin.OnFault(Exception fault, MonotonicTime now) => Observer?.OnPeerFault(this, fault, now);

    void IReceiver.OnFault(Exception fault, MonotonicTime now) => Observer?.OnPeerFault(this, fault, now);

    public virtual void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now)
    {
        if (receiver.Owner is Publication publication)
            publication.OnPacket(packet, now, Context.Media);
        else // Nothing is published of the section: not yet, not any more, or never.
            Context.Drops.Count(DropReason.NoSubscribers);
    }

    public void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now) => _downlink?.OnNack(sender, lost, now);

    public void OnKeyFrameRequest(RtpSender sender, MonotonicTime now) => _downlink?.OnKeyFrameRequest(sender, now);

    protected virtual void OnConnected(MonotonicTime now)
    {
    }

    /// <summary>The worker has let go of the peer; its transport is disposed after this.</summary>
    protected internal virtual void OnRemoved(PeerCloseReason reason, MonotonicTime now)
    {
    }

    protected override void OnDue(MonotonicTime now)
    {
        try
        {
            Transport.OnTimeout(now);
            AfterEvent(now);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Observer?.OnPeerFault(this, fault, now);
        }
    }

    /// <summary>Moves the timer entry when the transport wants to be called sooner, or was called.</summary>
    protected void Reschedule()
    {
        if (Transport.State == PeerTransportState.Closed)
            return;
        MonotonicTime deadline = Transport.NextDeadline;
        if (deadline.IsNever)
            Context.Timers.Cancel(this);
        else if (!IsScheduled || deadline < Deadline)
            Context.Timers.Schedule(this, deadline);
    }
}
