using System.Diagnostics;
using System.Runtime.InteropServices;
using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Allocation;

/// <summary>
/// All that one receiver is sent: its subscriptions. The receiver's feedback finds its subscription here, and whoever has less to give
/// than is asked for speaks to the receivers' downlinks: a worker without time, and the receiver's own line, which is divided here.
/// <para><b>Invariant: the owner of a sender is the newest of the subscriptions that use it, and every subscription here is to the
/// receiver's peer.</b></para>
/// </summary>
internal sealed class Downlink : TimerEntry, ILineDivider
{
    private const int FillerPacketsPerTurn = 32;

    /// <summary>Least time between two divisions of the line, unless it carries less than is sent.</summary>
    private static readonly TimeSpan AllocationInterval = TimeSpan.FromMilliseconds(100);

    private readonly IReceiver _receiver;
    private readonly MediaContext _media;
    private readonly Shedding _shedding;
    private readonly List<Slot> _slots = [];
    private readonly LineAllocation _line;
    private readonly Filler _filler = new();
    private LineState _lineSeen;

    /// <summary>Earliest time of the next division, unless less is carried than is sent.</summary>
    private MonotonicTime _nextAllocation;

    /// <summary>Time at which the line is divided again; never while nothing is to be decided.</summary>
    private MonotonicTime _dueAllocation = MonotonicTime.Never;
    private bool _isAllocating;
    private bool _isClosed;

    /// <summary>Spreads what would fill the line; null until an estimate says that something would.</summary>
    private Pacer? _pacer;
    private long _fillerReported;

    /// <param name="receiver">Who receives.</param>
    /// <param name="media">What the worker's subscriptions share.</param>
    /// <param name="shedding">How much the worker leaves out.</param>
    /// <param name="space">Memory in which the line is divided.</param>
    public Downlink(IReceiver receiver, MediaContext media, Shedding shedding, AllocationSpace space)
    {
        _line = new LineAllocation(space);
        _receiver = receiver;
        _media = media;
        _shedding = shedding;
        shedding.Add(this);
    }

    /// <summary>Position in the list of all downlinks of the worker; kept by <see cref="Shedding"/>.</summary>
    internal int Index { get; set; }

    /// <summary>Subscribes the receiver to whatever source the subscription is given, on a section that has been negotiated.</summary>
    /// <param name="sender">The section.</param>
    /// <param name="owner">Whoever knows how important it is.</param>
    /// <param name="now">The time.</param>
    public Subscription Add(RtpSender sender, ISubscriptionOwner owner, MonotonicTime now)
    {
        var subscription = new Subscription(_receiver.Id, sender, _media);
        var slot = new Slot(subscription, owner, subscription.Kind == MediaKind.Video ? _shedding.NextPlace() : 0);
        _slots.Add(slot);
        _line.Add(subscription, owner);
        sender.Owner = subscription;
        Pace(subscription, now);
        if (subscription.Kind == MediaKind.Video)
            _filler.Add(subscription);
        Shed(slot, now);
        subscription.Line = this;
        return subscription;
    }

    /// <summary>Ends a subscription: its source is let go, and feedback about it finds nobody from now on.</summary>
    public void Remove(Subscription subscription, MonotonicTime now)
    {
        subscription.Line = null;
        subscription.SetSource(null, now);
        _slots.RemoveAll(slot => slot.Subscription == subscription);
        _filler.Remove(subscription);
        if (subscription.Paced is { } paced)
            _pacer!.Remove(paced, now);
        subscription.Paced = null;
        _line.Remove(subscription);
        OnDemandChanged(now);
        if (subscription.Sender.Owner == subscription)
            subscription.Sender.Owner = null;
    }

    /// <summary>The receiver has gone: nobody shares anything with it any more.</summary>
    public void Close(LineCensus census)
    {
        _isClosed = true;
        _media.Timers.Cancel(this);
        _shedding.Remove(this);
        ReportFiller(census);
    }

    /// <summary>Takes over what is known of the receiver's line; to be called after each event of the receiver.</summary>
    public void OnLine(MonotonicTime now)
    {
        LineState line = _receiver.Line;
        if (line != _lineSeen)
            OnLineChanged(line, now);
        if (_receiver.Congestion is { } congestion)
            WakeAt(congestion.NextFiller);
    }

    /// <summary>Decides what of each subscription the line carries, and puts it into force.</summary>
    public void Allocate(MonotonicTime now)
    {
        if (_isAllocating || _isClosed)
            return;
        _isAllocating = true;
        try
        {
            LineDemand before = _line.Demand;
            _line.Allocate(_receiver.Line, now);
            if (_line.Demand != before)
                _receiver.SetDemand(_line.Demand, now);
        }
        finally
        {
            _isAllocating = false;
        }
        _nextAllocation = now + AllocationInterval;
        _dueAllocation = _line.NextDue;
        WakeAt(_dueAllocation);
    }

    /// <inheritdoc/>
    public void OnDemandChanged(MonotonicTime now)
    {
        if (_receiver.Line.Estimate is not null)
            Allocate(now);
    }

    /// <inheritdoc/>
    public void OnLayersChanged(MonotonicTime now)
    {
        if (_receiver.Line.Estimate is not null)
            AllocateAt(now);
    }

    /// <summary>The receiver can be sent media from now on. A key frame that came before the keys did was not sent to it.</summary>
    public void OnConnected(MonotonicTime now)
    {
        foreach (Slot slot in _slots)
            slot.Subscription.RequestKeyFrame(now);
    }

    /// <summary>The receiver lost a packet (RFC 4585 section 6.2.1).</summary>
    public void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now) => Find(sender)?.OnNack(lost, now);

    /// <summary>The receiver needs a key frame (RFC 4585 section 6.3.1, RFC 5104 section 4.3.1).</summary>
    public void OnKeyFrameRequest(RtpSender sender, MonotonicTime now) => Find(sender)?.RequestKeyFrame(now);

    /// <summary>Takes over what the receiver's line carries; null when it is not known.</summary>
    public void SetEstimate(Bitrate? estimate, MonotonicTime now)
    {
        if (_pacer is null && PacingBucket.Limits(estimate))
        {
            _pacer = new Pacer(this);
            foreach (Slot slot in _slots)
                Pace(slot.Subscription, now);
        }
        _pacer?.SetEstimate(estimate, now);
    }

    /// <summary>Has <see cref="OnDue"/> called at a time at the latest.</summary>
    internal void WakeAt(MonotonicTime due)
    {
        if (!_isClosed && due < Deadline)
            _media.Timers.Schedule(this, due);
    }

    /// <summary>Limits each video to what the worker's level leaves of it, by its importance now.</summary>
    /// <returns>Whether something else is sent than before.</returns>
    public bool Shed(MonotonicTime now)
    {
        bool isChanged = false;
        foreach (ref readonly Slot slot in CollectionsMarshal.AsSpan(_slots))
            isChanged |= Shed(slot, now);
        return isChanged;
    }

    /// <summary>Counts what a cause keeps from the receiver.</summary>
    public VideoShortage ShortageBy(LimitCause cause)
    {
        int limited = 0, paused = 0;
        foreach (ref readonly Slot slot in CollectionsMarshal.AsSpan(_slots))
        {
            if (slot.Subscription.Kind != MediaKind.Video || slot.Subscription.Limit.Cause != cause)
                continue;
            limited++;
            if (slot.Subscription.Limit.Value.Paused)
                paused++;
        }
        return new VideoShortage(limited, paused);
    }

    /// <summary>Counts the receiver's line and its videos.</summary>
    public void Report(LineCensus census)
    {
        if (_receiver.Congestion is { } congestion)
            census.Count(congestion);
        ReportFiller(census);
        foreach (ref readonly Slot slot in CollectionsMarshal.AsSpan(_slots))
        {
            if (slot.Subscription.Kind == MediaKind.Video)
                census.Count(slot.Subscription.Limit);
        }
    }

    /// <summary>A bug was hit in <see cref="Shed(MonotonicTime)"/>.</summary>
    internal void OnFault(Exception fault, MonotonicTime now) => _receiver.OnFault(fault, now);

    /// <summary>The one timer of what the receiver is sent: whatever else of it needs a time of its own takes it from here.</summary>
    protected override void OnDue(MonotonicTime now)
    {
        try
        {
            _pacer?.Release(now);
            if (_receiver.Congestion is { } congestion)
                Fill(congestion, now);
            if (_dueAllocation <= now)
                Allocate(now);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            OnFault(fault, now);
        }
        WakeAt(MonotonicTime.Min(_dueAllocation, _pacer?.NextDeadline ?? MonotonicTime.Never));
    }

    /// <summary>
    /// Fills the probe that is open, if any: first with what waits anyway, since a probe is room on the line. What is due beyond the
    /// packets of a turn is carried over.
    /// </summary>
    private void Fill(CongestionController congestion, MonotonicTime now)
    {
        for (int i = 0; i < FillerPacketsPerTurn; i++)
        {
            int due = congestion.FillerDue(now);
            if (due <= 0 || !((_pacer is not null && _pacer.TrySendEarly(now)) || _filler.TrySend(due, now)))
                break;
        }
        WakeAt(congestion.NextFiller);
    }

    private void Pace(Subscription subscription, MonotonicTime now)
    {
        if (subscription.Kind == MediaKind.Video)
            subscription.Paced = _pacer?.Add(subscription, now);
    }

    private void OnLineChanged(in LineState line, MonotonicTime now)
    {
        _lineSeen = line;
        SetEstimate(line.Estimate, now);
        if (now >= _nextAllocation || line.Estimate is not { } estimate || estimate.BitsPerSecond < _line.Demand.Sending.BitsPerSecond)
            Allocate(now);
        else
            AllocateAt(_nextAllocation);
    }

    private void AllocateAt(MonotonicTime due)
    {
        _dueAllocation = MonotonicTime.Min(_dueAllocation, due);
        WakeAt(due);
    }

    private void ReportFiller(LineCensus census)
    {
        long sent = _receiver.Congestion?.FillerBytesSent ?? 0;
        census.CountFiller(sent - _fillerReported);
        _fillerReported = sent;
    }

    private bool Shed(in Slot slot, MonotonicTime now) => slot.Subscription.Kind == MediaKind.Video
        && slot.Subscription.SetLimit(_shedding.LimitOf(slot.Owner.ImportanceAt(now), slot.Place), now);

    private Subscription? Find(RtpSender sender)
    {
        var subscription = sender.Owner as Subscription;
        Debug.Assert(subscription is null || subscription.Peer == _receiver.Id, "A sender of another peer.");
        return subscription;
    }

    /// <param name="Subscription">The subscription.</param>
    /// <param name="Owner">Whoever knows its importance.</param>
    /// <param name="Place">Which eighth of the worker's subscriptions it belongs to, when some are to be paused.</param>
    private readonly record struct Slot(Subscription Subscription, ISubscriptionOwner Owner, int Place);
}
