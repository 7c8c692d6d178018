using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Peers;

/// <summary>
/// A publisher's offering of one media section: its encodings with their histories, and who is subscribed. Every
/// subscriber is walked synchronously while the packet is still in the receive buffer.
/// </summary>
public sealed class Publication
{
    /// <summary>An encoding that sent nothing for this long is not there (the browser stopped it for want of bandwidth).</summary>
    private static readonly TimeSpan EncodingSilence = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SelectionInterval = TimeSpan.FromMilliseconds(500);

    private readonly Peer _publisher;
    private readonly PublishedEncoding?[] _encodings;
    private Subscription[] _subscriptions = [];
    private MonotonicTime _nextSelection;

    internal Publication(Peer publisher, RtpReceiver receiver)
    {
        _publisher = publisher;
        Receiver = receiver;
        _encodings = new PublishedEncoding?[receiver.Encodings.Count];
    }

    public RtpReceiver Receiver { get; }

    public MediaKind Kind => Receiver.Kind;

    public HeaderExtensionMap Extensions => Receiver.Extensions;

    /// <summary>The encoding that viewers get for now: the one with the highest rate of those that are sent.</summary>
    public PublishedEncoding? Best { get; private set; }

    /// <summary>What is sent, or before the first packet, what was negotiated first.</summary>
    public RtpCodec Codec => Best?.Codec ?? Receiver.Codecs[0];

    public IReadOnlyList<PublishedEncoding?> Encodings => _encodings;

    internal void OnPacket(in MediaPacket packet, MonotonicTime now, DropCounters drops)
    {
        PublishedEncoding encoding = EncodingOf(packet);
        encoding.OnPacket(packet, now);
        ReadOnlySpan<byte> payload = packet.View.Payload;
        bool startsKeyFrame = Kind == MediaKind.Video && !payload.IsEmpty && KeyFrames.StartsKeyFrame(packet.Codec.Kind, payload);
        if (startsKeyFrame)
            packet.Stream.OnKeyFrame();
        if (now >= _nextSelection)
            SelectBest(now);
        Subscription[] subscriptions = _subscriptions;
        if (subscriptions.Length == 0)
            drops.Count(DropReason.NoSubscribers);
        foreach (Subscription subscription in subscriptions)
            subscription.OnPacket(encoding, packet, startsKeyFrame, now);
    }

    /// <summary>Copy on write: a subscriber may come or go while the array is walked.</summary>
    internal void Add(Subscription subscription) => _subscriptions = [.. _subscriptions, subscription];

    internal void Remove(Subscription subscription) => _subscriptions = [.. _subscriptions.Where(other => other != subscription)];

    internal void RequestKeyFrame(PublishedEncoding encoding, MonotonicTime now)
    {
        if (Kind == MediaKind.Video)
            _publisher.RequestKeyFrame(encoding.Stream, now);
    }

    private PublishedEncoding EncodingOf(in MediaPacket packet)
    {
        ref PublishedEncoding? encoding = ref _encodings[packet.Stream.Index];
        if (encoding is null || encoding.Stream != packet.Stream)
        {
            // First packet, or the sender began anew under another SSRC: its numbers start over, so does our record of it.
            PublishedEncoding? before = encoding;
            encoding = new PublishedEncoding(packet.Stream, keepHistory: Kind == MediaKind.Video, _publisher.Transport.RemoteClock);
            if (Best is null || Best == before)
                Select(encoding, packet.Stream.LastPacket);
        }
        return encoding;
    }

    /// <summary>
    /// Chooses among simulcast encodings: the thickest that is alive. A better one must be clearly better, so that two of
    /// like rate do not take turns.
    /// </summary>
    private void SelectBest(MonotonicTime now)
    {
        const double Hysteresis = 1.2;
        _nextSelection = now + SelectionInterval;
        if (_encodings.Length == 1)
            return;
        PublishedEncoding? best = Best is not null && IsAlive(Best, now) ? Best : null;
        foreach (PublishedEncoding? candidate in _encodings)
        {
            if (candidate is null || !IsAlive(candidate, now))
                continue;
            if (best is null || candidate.Rate.BitsPerSecond > best.Rate.BitsPerSecond * Hysteresis)
                best = candidate;
        }
        if (best is not null && best != Best)
            Select(best, now);
    }

    private void Select(PublishedEncoding encoding, MonotonicTime now)
    {
        Best = encoding;
        foreach (Subscription subscription in _subscriptions)
            subscription.SelectEncoding(encoding, now);
    }

    private static bool IsAlive(PublishedEncoding encoding, MonotonicTime now) => now - encoding.Stream.LastPacket < EncodingSilence;
}
