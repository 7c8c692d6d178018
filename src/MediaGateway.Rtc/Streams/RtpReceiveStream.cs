using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;

namespace MediaGateway.Rtc.Streams;

/// <summary>
/// The receive side of one encoding: one primary SSRC and, where RTX was negotiated, the SSRC of its
/// retransmissions. Keeps loss and jitter, asks for what is missing and for key frames.
/// </summary>
public sealed class RtpReceiveStream
{
    /// <summary>64 packets a word, one word of slack: about 2,000 packets.</summary>
    private const int WindowWords = 32;

    private readonly NackGenerator? _nack;
    private readonly KeyFrameRequester _keyFrames = new();
    private ReplayWindow? _received;

    /// <param name="index">Position in the section's list of encodings; 0 without simulcast.</param>
    /// <param name="rid">The encoding's RID; null without simulcast.</param>
    /// <param name="codec">The section's first codec: clock rate and feedback are the same for all of a kind we negotiate.</param>
    public RtpReceiveStream(int index, Rid? rid, RtpCodec codec)
    {
        ArgumentNullException.ThrowIfNull(codec);
        Index = index;
        Rid = rid;
        ClockRate = codec.ClockRate;
        MediaKind = codec.MediaKind;
        Statistics = new ReceptionStatistics(codec.ClockRate);
        if (codec.Feedback.HasFlag(RtcpFeedbackKinds.Nack))
            _nack = new NackGenerator();
    }

    public int Index { get; }

    public Rid? Rid { get; }

    public MediaKind MediaKind { get; }

    public int ClockRate { get; }

    /// <summary>The primary SSRC; null until declared in SDP or seen on the wire.</summary>
    public Ssrc? Ssrc { get; set; }

    /// <summary>The SSRC of retransmissions; null without RTX or until known.</summary>
    public Ssrc? RetransmissionSsrc { get; set; }

    public ReceptionStatistics Statistics { get; }

    public SenderReportInfo? LastSenderReport { get; private set; }

    public long RetransmissionsReceived { get; private set; }

    public long KeyFramesReceived { get; private set; }

    public long KeyFrameRequestsSent => _keyFrames.RequestsSent;

    public int MissingPackets => _nack?.MissingCount ?? 0;

    /// <summary>Time of the last packet; the stream is active while this is recent.</summary>
    public MonotonicTime LastPacket { get; private set; }

    public bool HasReceived => _received is not null;

    /// <summary>Soonest of: packets to ask for, a key frame to ask for.</summary>
    public MonotonicTime NextDeadline => MonotonicTime.Min(_nack?.NextDeadline ?? MonotonicTime.Never, _keyFrames.NextDeadline);

    /// <summary>Notes an authenticated packet of the primary SSRC. False when it was received before.</summary>
    public bool OnPacket(ExtendedSequence sequence, RtpTimestamp timestamp, int payloadLength, MonotonicTime now)
    {
        LastPacket = now;
        Statistics.OnPacket(sequence, timestamp, payloadLength, now);
        return Accept(sequence, now);
    }

    /// <summary>
    /// Finds the packet index of a retransmission from its 16-bit original sequence number (RFC 4588 section 4).
    /// False when nothing was received yet that it could belong to, or when the packet was not missing.
    /// </summary>
    public bool OnRetransmission(SequenceNumber original, MonotonicTime now, out ExtendedSequence sequence)
    {
        sequence = default;
        if (_received is null)
            return false;
        sequence = ExtendedSequence.Nearest(original, Statistics.Highest);
        RetransmissionsReceived++;
        // One that was not missing is padding: senders probe the path with packets of a while ago.
        bool isNew = Accept(sequence, now);
        if (isNew)
            LastPacket = now;
        return isNew;
    }

    public void OnSenderReport(NtpTime remoteTime, RtpTimestamp timestamp, MonotonicTime now) =>
        LastSenderReport = new SenderReportInfo(remoteTime, timestamp, now);

    public void OnKeyFrame()
    {
        KeyFramesReceived++;
        _keyFrames.OnKeyFrame();
    }

    public void RequestKeyFrame(MonotonicTime now) => _keyFrames.Request(now);

    public bool TakeKeyFrameRequest(MonotonicTime now) => _keyFrames.TakeDue(now);

    /// <summary>Sequence numbers to put into NACKs now; see <see cref="NackGenerator.Collect"/>.</summary>
    public int CollectNacks(Span<SequenceNumber> destination, MonotonicTime now) =>
        _nack is null || _nack.NextDeadline > now ? 0 : _nack.Collect(destination, now);

    public ReportBlock TakeReport(MonotonicTime now)
    {
        uint lastReport = 0, delay = 0;
        if (LastSenderReport is { } report)
        {
            lastReport = report.RemoteTime.Compact;
            delay = (uint)(long)((now - report.Arrival).TotalSeconds * 65536);
        }
        return Statistics.TakeReport(Ssrc ?? default, lastReport, delay);
    }

    /// <summary>
    /// Each packet is passed on once, whether it came on the primary SSRC or by retransmission; SRTP's own window can't
    /// tell, as a retransmission has another SSRC.
    /// </summary>
    private bool Accept(ExtendedSequence sequence, MonotonicTime now)
    {
        if (_received is null)
            _received = new ReplayWindow(WindowWords, sequence.Value);
        else if (sequence.Value < 0 || _received.IsReplay(sequence.Value))
            return false;
        else
            _received.Add(sequence.Value);
        if (_nack is not null && !_nack.OnPacket(sequence, now))
            _keyFrames.Request(now);
        return true;
    }
}
