using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Relay;

/// <summary>
/// A publication of another worker that stands for it here: subscribers are sent its packets, and those that they lost, as if its
/// publisher were on this worker. Losses are repaired from its own history; only key-frame requests go back.
/// </summary>
internal sealed class RelayedPublication : TimerEntry, IMediaOrigin
{
    private readonly RelayLink _link;
    private readonly MediaContext _context;
    private readonly RtpReceiver _receiver;
    private readonly Encoding[] _encodings;
    private bool _isFaulty;

    public RelayedPublication(PublicationRecord record, RelayLink link, MediaContext context)
    {
        Id = record.Id;
        _link = link;
        _context = context;
        _receiver = new RtpReceiver(new Mid("relay"), record.Format, record.Encodings);
        _encodings = [.. _receiver.Encodings.Select(stream => new Encoding(stream))];
        Publication = new Publication(this, _receiver);
        Update(record);
    }

    public int Id { get; }

    public Publication Publication { get; }

    public RemoteClock Clock { get; } = new();

    public bool IsClosed { get; private set; }

    /// <summary>Takes over what has changed: the order of its encodings.</summary>
    public void Update(PublicationRecord record) => Publication.SetEncodingOrder(record.LowToHigh);

    /// <summary>Forwards a packet of its publisher's, without the padding.</summary>
    public DropReason OnPacket(int encoding, int epoch, ExtendedSequence sequence, bool isMuted, ReadOnlySpan<byte> packet,
        MonotonicTime now)
    {
        if (_isFaulty)
            return DropReason.UnknownStream;
        try
        {
            return Forward(encoding, epoch, sequence, isMuted, packet, now);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            OnFault(fault, now);
            return DropReason.None;
        }
    }

    public void OnTiming(int encoding, int epoch, SenderReportInfo? report, ClockTranslation? clock)
    {
        if (StreamOf(encoding, epoch) is { } stream && report is { } told)
            stream.OnSenderReport(told.RemoteTime, told.Timestamp, told.Arrival);
        if (clock is { } translation)
            Clock.Follow(translation);
    }

    /// <summary>Takes over parameter sets: those who come here later are sent them before a key frame without.</summary>
    public void OnSets(int encoding, int epoch, PayloadType payloadType, ReadOnlySpan<byte> sets, MonotonicTime now)
    {
        if (!_isFaulty && StreamOf(encoding, epoch) is { } stream && _receiver.CodecOf(payloadType) is { } codec)
            Publication.Learn(stream, codec, sets, now);
    }

    public void RequestKeyFrame(RtpReceiveStream stream, MonotonicTime now)
    {
        stream.RequestKeyFrame(now);
        SendRequests(now);
    }

    /// <summary>
    /// A bug was hit: nothing more of the publication is forwarded here. Its publisher and viewers elsewhere are not affected.
    /// </summary>
    public void OnFault(Exception fault, MonotonicTime now)
    {
        _isFaulty = true;
        _link.OnFault(fault);
    }

    /// <summary>Ends the publication here: nothing more comes.</summary>
    public void Close()
    {
        IsClosed = true;
        _context.Timers.Cancel(this);
    }

    protected override void OnDue(MonotonicTime now) => SendRequests(now);

    private DropReason Forward(int encoding, int epoch, ExtendedSequence sequence, bool isMuted, ReadOnlySpan<byte> packet,
        MonotonicTime now)
    {
        if (!RtpPacketView.TryParse(packet, out RtpPacketView view))
            return DropReason.Malformed;
        if (StreamOf(encoding, epoch) is not { } stream)
            return DropReason.UnknownStream;
        if (_receiver.CodecOf(view.PayloadType) is not { } codec)
            return DropReason.UnknownPayloadType;
        // Counted as a received one is, so that meters of this publication have figures to read.
        stream.OnPacket(sequence, view.Timestamp, view.Payload.Length, now);
        Publication.SetMuted(isMuted);
        Publication.OnPacket(new MediaPacket(stream, codec, sequence, packet, view), now, _context);
        return DropReason.None;
    }

    /// <summary>The stream of an encoding: a new one once its sender has begun anew.</summary>
    private RtpReceiveStream? StreamOf(int encoding, int epoch)
    {
        if ((uint)encoding >= (uint)_encodings.Length)
            return null;
        ref Encoding known = ref _encodings[encoding];
        if (known.Epoch != epoch)
            known = new Encoding(new RtpReceiveStream(encoding, known.Stream.Rid, _receiver.Codecs[0])) { Epoch = epoch };
        return known.Stream;
    }

    private void SendRequests(MonotonicTime now)
    {
        if (IsClosed)
            return;
        MonotonicTime next = MonotonicTime.Never;
        foreach (Encoding encoding in _encodings)
        {
            if (encoding.Stream.TakeKeyFrameRequest(now))
                _link.RequestKeyFrame(Id, encoding.Stream.Index);
            next = MonotonicTime.Min(next, encoding.Stream.NextDeadline);
        }
        _context.Timers.Schedule(this, next);
    }

    private struct Encoding(RtpReceiveStream stream)
    {
        public RtpReceiveStream Stream = stream;
        public int Epoch;
    }
}
