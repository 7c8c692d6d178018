using System.Diagnostics;
using System.Runtime.InteropServices;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Allocation;

/// <summary>
/// All that one receiver is sent: its subscriptions. The receiver's feedback finds its subscription here, and whoever has less to give
/// than is asked for speaks to the receivers' downlinks.
/// <para><b>Invariant: the owner of a sender is the newest of the subscriptions that use it, and every subscription here is to the
/// receiver's peer.</b></para>
/// </summary>
internal sealed class Downlink
{
    private readonly IReceiver _receiver;
    private readonly MediaContext _media;
    private readonly Shedding _shedding;
    private readonly List<Slot> _slots = [];

    /// <param name="receiver">Who receives.</param>
    /// <param name="media">What the worker's subscriptions share.</param>
    /// <param name="shedding">How much the worker leaves out.</param>
    public Downlink(IReceiver receiver, MediaContext media, Shedding shedding)
    {
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
        sender.Owner = subscription;
        Shed(slot, now);
        return subscription;
    }

    /// <summary>Ends a subscription: its source is let go, and feedback about it finds nobody from now on.</summary>
    public void Remove(Subscription subscription, MonotonicTime now)
    {
        subscription.SetSource(null, now);
        _slots.RemoveAll(slot => slot.Subscription == subscription);
        if (subscription.Sender.Owner == subscription)
            subscription.Sender.Owner = null;
    }

    /// <summary>The receiver has gone: nobody shares anything with it any more.</summary>
    public void Close() => _shedding.Remove(this);

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

    /// <summary>Limits each video to what the worker's level leaves of it, by its importance now.</summary>
    /// <returns>Whether something else is sent than before.</returns>
    public bool Shed(MonotonicTime now)
    {
        bool isChanged = false;
        foreach (ref readonly Slot slot in CollectionsMarshal.AsSpan(_slots))
            isChanged |= Shed(slot, now);
        return isChanged;
    }

    /// <summary>A bug was hit in <see cref="Shed(MonotonicTime)"/>.</summary>
    internal void OnFault(Exception fault, MonotonicTime now) => _receiver.OnFault(fault, now);

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
