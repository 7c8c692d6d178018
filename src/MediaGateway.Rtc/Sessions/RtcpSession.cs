using System.Buffers.Binary;
using System.Text;
using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Sessions;

/// <summary>
/// RTCP of one peer: routes what the remote reports, and writes our reports, transport-wide
/// feedback, NACKs and key-frame requests. Feedback is routed by media SSRC, never by sender SSRC: Firefox sends its
/// PLIs from the SSRC of its receive-only sections. Streams may come and go; with many of them the reports take several
/// datagrams.
/// </summary>
internal sealed class RtcpSession
{
    private const int MaxCompound = 1200;
    private const int MaxNacksAtOnce = 128;

    // So many fit a datagram, each sender with its description: 15 * 24 + 14 * (28 + 32) bytes with names of up to 20 bytes.
    private const int MaxBlocksAtOnce = 15;
    private const int MaxSendersAtOnce = 14;

    /// <summary>Time between reports where there is video, as browsers do it.</summary>
    private static readonly TimeSpan VideoReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>Sound alone: the shortest that RFC 3550 section 6.2 asks for, as browsers do it. The first comes sooner.</summary>
    private static readonly TimeSpan AudioReportInterval = TimeSpan.FromSeconds(5);

    private readonly PacketOutlet _outlet;
    private readonly SsrcTable _streams;
    private readonly SenderTable _senders;
    private readonly CongestionController _congestion;
    private readonly TransportFeedbackGenerator _transportFeedback;
    private readonly NtpClock _clock;
    private readonly Ssrc _ownSsrc;
    private readonly byte[] _cname;
    private bool _reducedSize;
    private TimeSpan _reportInterval = AudioReportInterval;
    private readonly TimeSpan _phase;
    private readonly TimeSpan _reportGrid;
    private Ssrc _feedbackMedia;

    /// <summary>Reception of all streams together, by the compound that is being read.</summary>
    private ReportedReception _reception;
    private byte _firSequence;
    private MonotonicTime _nextReport = MonotonicTime.Never;
    private MonotonicTime _nextStreamDeadline = MonotonicTime.Never;

    public RtcpSession(
        RtpSessionOptions options, PacketOutlet outlet, SsrcTable streams, SenderTable senders, IEntropy entropy)
    {
        _outlet = outlet;
        _congestion = outlet.Congestion;
        _transportFeedback = options.FeedbackInterval is { } interval ? new TransportFeedbackGenerator(interval)
            : new TransportFeedbackGenerator();
        _streams = streams;
        _senders = senders;
        _clock = options.Clock;
        _cname = Encoding.UTF8.GetBytes(options.CanonicalName);
        _reportGrid = options.ReportGrid;
        Span<byte> random = stackalloc byte[5];
        entropy.Fill(random);
        _ownSsrc = new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(random));
        // RFC 3550 section 6.2 spreads reports at random, so that peers that joined together do not report together.
        _phase = VideoReportInterval * ((random[4] + 1) / 256.0);
    }

    public RemoteClock RemoteClock { get; } = new();

    public MonotonicTime NextDeadline =>
        MonotonicTime.Min(_nextReport, MonotonicTime.Min(_nextStreamDeadline, _transportFeedback.NextDeadline));

    /// <summary>SSRC in the name of which our feedback is sent: the first sender's, else one of our own.</summary>
    private Ssrc LocalSsrc => _senders.Count > 0 ? _senders[0].Stream.Ssrc : _ownSsrc;

    public void Start(MonotonicTime now) => _nextReport = (now + _phase).RoundUp(_reportGrid);

    /// <summary>Sets what was agreed on for all streams together.</summary>
    /// <param name="reducedSize">Feedback need not be compound (RFC 5506).</param>
    /// <param name="hasVideo">Reports are due as often as browsers send them for video.</param>
    public void Configure(bool reducedSize, bool hasVideo)
    {
        _reducedSize = reducedSize;
        _reportInterval = hasVideo ? VideoReportInterval : AudioReportInterval;
    }

    /// <summary>Brings the next report forward where a later negotiation wants reports more often.</summary>
    public void OnUpdated(MonotonicTime now)
    {
        if (!_nextReport.IsNever)
            _nextReport = MonotonicTime.Min(_nextReport, (now + _reportInterval).RoundUp(_reportGrid));
    }

    /// <summary>A stream may have become due earlier: after each packet and after a wish for a key frame.</summary>
    public void OnStreamDeadline(RtpReceiveStream stream) =>
        _nextStreamDeadline = MonotonicTime.Min(_nextStreamDeadline, stream.NextDeadline);

    public void OnTransportSequence(ReadOnlySpan<byte> value, Ssrc media, MonotonicTime now)
    {
        _feedbackMedia = media;
        _transportFeedback.OnPacket(new SequenceNumber(BinaryPrimitives.ReadUInt16BigEndian(value)), now);
    }

    /// <summary>An authenticated compound or reduced-size packet.</summary>
    public DropReason OnCompound(ReadOnlySpan<byte> compound, IMediaHandler handler, MonotonicTime now)
    {
        var reader = new RtcpReader(compound);
        _reception = default;
        while (reader.TryRead(out RtcpPacketView packet))
            OnPacket(packet, handler, now);
        if (_reception.HasReports)
            _congestion.OnReceiverReport(_reception.FractionLost, _reception.RoundTrip, now);
        return reader.IsMalformed ? DropReason.Malformed : DropReason.None;
    }

    /// <summary>Writes all that is due, each datagram within the path's safe size.</summary>
    public void OnTimeout(MonotonicTime now)
    {
        if (_nextReport <= now)
        {
            WriteReports(now);
            _nextReport = (now + _reportInterval).RoundUp(_reportGrid);
        }
        while (_transportFeedback.NextDeadline <= now && WriteTransportFeedback(now))
        {
        }
        if (_nextStreamDeadline <= now)
            WriteStreamFeedback(now);
    }

    /// <summary>BYE for these streams of ours (RFC 3550 section 6.6).</summary>
    public void WriteGoodbye(IReadOnlyList<RtpSender> senders)
    {
        const int MaxSources = 31;
        Span<Ssrc> sources = stackalloc Ssrc[MaxSources];
        for (int done = 0; done < senders.Count && _outlet.TryReserve(out Span<byte> slot); done += MaxSources)
        {
            int count = Math.Min(MaxSources, senders.Count - done);
            for (int i = 0; i < count; i++)
                sources[i] = senders[done + i].Stream.Ssrc;
            WriteGoodbye(slot, sources[..count]);
        }
    }

    /// <summary>BYE of the whole peer.</summary>
    public void WriteGoodbye()
    {
        if (_senders.Count > 0)
            WriteGoodbye(_senders.Senders);
        else if (_outlet.TryReserve(out Span<byte> slot))
            WriteGoodbye(slot, [_ownSsrc]);
    }

    private void WriteGoodbye(Span<byte> slot, scoped ReadOnlySpan<Ssrc> sources)
    {
        var writer = new RtcpWriter(slot[..MaxCompound]);
        writer.WriteReceiverReport(LocalSsrc, []);
        writer.WriteSourceDescription(LocalSsrc, _cname);
        writer.WriteBye(sources);
        _outlet.CommitRtcp(slot, writer.Length);
    }

    private void OnPacket(in RtcpPacketView packet, IMediaHandler handler, MonotonicTime now)
    {
        if (SenderReportView.TryParse(packet, out SenderReportView senderReport))
        {
            OnSenderReport(senderReport, now);
        }
        else if (ReceiverReportView.TryParse(packet, out ReceiverReportView receiverReport))
        {
            foreach (ReportBlock block in receiverReport.ReportBlocks)
                OnReportBlock(block, now);
        }
        else if (TransportFeedbackView.TryParse(packet, out TransportFeedbackView feedback))
        {
            _congestion.OnTransportFeedback(feedback, now);
        }
        else if (NackView.TryParse(packet, out NackView nack))
        {
            if (_senders.Find(nack.Media) is { } sender)
            {
                foreach (SequenceNumber lost in nack.Lost)
                    handler.OnNack(sender, lost, now);
            }
        }
        else if (PliView.TryParse(packet, out PliView pli))
        {
            if (_senders.Find(pli.Media) is { } sender)
                handler.OnKeyFrameRequest(sender, now);
        }
        else if (RembView.TryParse(packet, out RembView remb))
        {
            _congestion.OnMaximumBitrate(remb.Bitrate, now);
        }
        else if (FirView.TryParse(packet, out FirView fir))
        {
            foreach (FirEntry entry in fir.Entries)
            {
                if (_senders.Find(entry.Ssrc) is { } sender)
                    handler.OnKeyFrameRequest(sender, now);
            }
        }
    }

    private void OnSenderReport(in SenderReportView report, MonotonicTime now)
    {
        if (_streams.TryGet(report.Sender, out StreamBinding? binding) && !binding!.IsRetransmission)
        {
            binding.Stream.OnSenderReport(report.NtpTime, report.RtpTimestamp, now);
            RemoteClock.OnSenderReport(report.NtpTime, now);
        }
        foreach (ReportBlock block in report.ReportBlocks)
            OnReportBlock(block, now);
    }

    private void OnReportBlock(in ReportBlock block, MonotonicTime now)
    {
        if (_senders.Find(block.Ssrc) is { Stream: { } stream })
            _reception.Add(stream, stream.OnReportBlock(block, _clock, now));
    }

    /// <summary>Sender reports, report blocks, and who they are about; in as many datagrams as it takes.</summary>
    private void WriteReports(MonotonicTime now)
    {
        int sender = 0, receiver = 0, encoding = 0;
        do
        {
            if (!_outlet.TryReserve(out Span<byte> slot))
                return;
            WriteReport(slot, ref sender, ref receiver, ref encoding, now);
        }
        while (sender < _senders.Count || receiver < _streams.Receivers.Count);
    }

    private void WriteReport(Span<byte> slot, ref int nextSender, ref int nextReceiver, ref int nextEncoding, MonotonicTime now)
    {
        var writer = new RtcpWriter(slot[..MaxCompound]);
        Span<ReportBlock> blocks = stackalloc ReportBlock[MaxBlocksAtOnce];
        int blockCount = CollectReportBlocks(blocks, ref nextReceiver, ref nextEncoding, now);
        Span<Ssrc> reported = stackalloc Ssrc[MaxSendersAtOnce];
        int count = 0;
        NtpTime time = _clock.At(now);
        for (; nextSender < _senders.Count && count < reported.Length; nextSender++)
        {
            if (_senders[nextSender] is not { Timing: { } timing, Stream: { } stream })
                continue;
            writer.WriteSenderReport(
                stream.Ssrc, time, timing.At(time, stream.ClockRate), (uint)stream.PacketsSent, (uint)stream.PayloadBytesSent,
                blocks[..blockCount]);
            blockCount = 0;
            reported[count++] = stream.Ssrc;
        }
        if (count == 0)
        {
            writer.WriteReceiverReport(LocalSsrc, blocks[..blockCount]);
            reported[count++] = LocalSsrc;
        }
        foreach (Ssrc ssrc in reported[..count])
            writer.WriteSourceDescription(ssrc, _cname);
        _outlet.CommitRtcp(slot, writer.Length);
    }

    /// <summary>The blocks from a place in the streams on, as far as there is room; moves the place.</summary>
    private int CollectReportBlocks(Span<ReportBlock> blocks, ref int receiver, ref int encoding, MonotonicTime now)
    {
        int count = 0;
        // By index: the enumerator of an interface is an object.
        for (; receiver < _streams.Receivers.Count; receiver++, encoding = 0)
        {
            IReadOnlyList<RtpReceiveStream> encodings = _streams.Receivers[receiver].Encodings;
            for (; encoding < encodings.Count; encoding++)
            {
                if (!encodings[encoding].HasReceived)
                    continue;
                if (count == blocks.Length)
                    return count;
                blocks[count++] = encodings[encoding].TakeReport(now);
            }
        }
        return count;
    }

    private bool WriteTransportFeedback(MonotonicTime now)
    {
        if (!_outlet.TryReserve(out Span<byte> slot))
            return false;
        RtcpWriter writer = BeginFeedback(slot);
        if (!_transportFeedback.TryWrite(ref writer, LocalSsrc, _feedbackMedia, now))
            return false;
        _outlet.CommitRtcp(slot, writer.Length);
        return true;
    }

    private void WriteStreamFeedback(MonotonicTime now)
    {
        MonotonicTime next = MonotonicTime.Never;
        for (int i = 0; i < _streams.Receivers.Count; i++)
        {
            RtpReceiver receiver = _streams.Receivers[i];
            for (int j = 0; j < receiver.Encodings.Count; j++)
            {
                RtpReceiveStream stream = receiver.Encodings[j];
                if (stream.NextDeadline <= now)
                    WriteStreamFeedback(receiver, stream, now);
                next = MonotonicTime.Min(next, stream.NextDeadline);
            }
        }
        _nextStreamDeadline = next;
    }

    private void WriteStreamFeedback(RtpReceiver receiver, RtpReceiveStream stream, MonotonicTime now)
    {
        if (stream.Ssrc is not { } media || !_outlet.TryReserve(out Span<byte> slot))
            return;
        RtcpWriter writer = BeginFeedback(slot);
        int empty = writer.Length;
        Span<SequenceNumber> lost = stackalloc SequenceNumber[MaxNacksAtOnce];
        int count = stream.CollectNacks(lost, now);
        if (count > 0)
            writer.WriteNack(LocalSsrc, media, lost[..count]);
        if (stream.TakeKeyFrameRequest(now))
        {
            if (receiver.Codecs[0].Feedback.HasFlag(Codecs.RtcpFeedbackKinds.Pli))
                writer.WritePli(LocalSsrc, media);
            else if (receiver.Codecs[0].Feedback.HasFlag(Codecs.RtcpFeedbackKinds.Fir))
                writer.WriteFir(LocalSsrc, media, _firSequence++);
        }
        if (writer.Length > empty)
            _outlet.CommitRtcp(slot, writer.Length);
    }

    /// <summary>Feedback stands alone where reduced size was negotiated (RFC 5506), else behind a report (RFC 3550 section 6.1).</summary>
    private RtcpWriter BeginFeedback(Span<byte> slot)
    {
        var writer = new RtcpWriter(slot[..MaxCompound]);
        if (!_reducedSize)
        {
            writer.WriteReceiverReport(LocalSsrc, []);
            writer.WriteSourceDescription(LocalSsrc, _cname);
        }
        return writer;
    }
}
