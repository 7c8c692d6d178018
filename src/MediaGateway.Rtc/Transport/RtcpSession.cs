using System.Buffers.Binary;
using System.Text;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Transport;

/// <summary>
/// RTCP of one peer: routes what the remote reports, and writes our reports (every second), transport-wide
/// feedback, NACKs and key-frame requests. Feedback is routed by media SSRC, never by sender SSRC: Firefox sends its
/// PLIs from the SSRC of its receive-only sections.
/// </summary>
internal sealed class RtcpSession
{
    private const int MaxCompound = 1200;
    private const int MaxNacksAtOnce = 128;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly StreamTable _streams;
    private readonly List<RtpSender> _senders;
    private readonly TransportFeedbackGenerator _transportFeedback = new();
    private readonly NtpClock _clock;
    private readonly Ssrc _localSsrc;
    private readonly byte[] _cname;
    private readonly bool _reducedSize;
    private readonly TimeSpan _phase;
    private Ssrc _feedbackMedia;
    private byte _firSequence;
    private MonotonicTime _nextReport = MonotonicTime.Never;
    private MonotonicTime _nextStreamDeadline = MonotonicTime.Never;

    public RtcpSession(PeerTransportOptions options, NegotiatedSession session, StreamTable streams, List<RtpSender> senders, IEntropy entropy)
    {
        _streams = streams;
        _senders = senders;
        _clock = options.Clock;
        _cname = Encoding.UTF8.GetBytes(options.CanonicalName);
        _reducedSize = session.Media.All(media => media.ReducedSizeRtcp);
        Span<byte> random = stackalloc byte[5];
        entropy.Fill(random);
        _localSsrc = senders.Count > 0 ? senders[0].Stream.Ssrc : new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(random));
        // RFC 3550 section 6.2 spreads reports at random, so that peers that joined together do not report together.
        _phase = ReportInterval * ((random[4] + 1) / 256.0);
    }

    public RemoteClock RemoteClock { get; } = new();

    public MonotonicTime NextDeadline =>
        MonotonicTime.Min(_nextReport, MonotonicTime.Min(_nextStreamDeadline, _transportFeedback.NextDeadline));

    public void Start(MonotonicTime now) => _nextReport = now + _phase;

    /// <summary>A stream may have become due earlier: after each packet and after a wish for a key frame.</summary>
    public void OnStreamDeadline(ReceiveStream stream) =>
        _nextStreamDeadline = MonotonicTime.Min(_nextStreamDeadline, stream.NextDeadline);

    public void OnTransportSequence(ReadOnlySpan<byte> value, Ssrc media, MonotonicTime now)
    {
        _feedbackMedia = media;
        _transportFeedback.OnPacket(new SequenceNumber(BinaryPrimitives.ReadUInt16BigEndian(value)), now);
    }

    /// <summary>An authenticated compound or reduced-size packet.</summary>
    public DropReason OnCompound(ReadOnlySpan<byte> compound, IPeerTransportHandler handler, MonotonicTime now)
    {
        var reader = new RtcpReader(compound);
        while (reader.TryRead(out RtcpPacketView packet))
            OnPacket(packet, handler, now);
        return reader.IsMalformed ? DropReason.Malformed : DropReason.None;
    }

    /// <summary>Writes all that is due, each datagram within the path's safe size.</summary>
    public void OnTimeout(PeerTransport transport, MonotonicTime now)
    {
        if (_nextReport <= now)
        {
            WriteReports(transport, now);
            _nextReport = now + ReportInterval;
        }
        while (_transportFeedback.NextDeadline <= now && WriteTransportFeedback(transport, now))
        {
        }
        if (_nextStreamDeadline <= now)
            WriteStreamFeedback(transport, now);
    }

    /// <summary>BYE for all our streams (RFC 3550 section 6.6).</summary>
    public void WriteGoodbye(PeerTransport transport)
    {
        if (!transport.TryReserve(out Span<byte> slot))
            return;
        var writer = new RtcpWriter(slot[..MaxCompound]);
        writer.WriteReceiverReport(_localSsrc, []);
        writer.WriteSourceDescription(_localSsrc, _cname);
        Span<Ssrc> sources = stackalloc Ssrc[31];
        int count = 0;
        foreach (RtpSender sender in _senders)
        {
            if (count < sources.Length)
                sources[count++] = sender.Stream.Ssrc;
        }
        if (count == 0)
            sources[count++] = _localSsrc;
        writer.WriteBye(sources[..count]);
        transport.ProtectAndCommitRtcp(slot, writer.Length);
    }

    private void OnPacket(in RtcpPacketView packet, IPeerTransportHandler handler, MonotonicTime now)
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
        else if (NackView.TryParse(packet, out NackView nack))
        {
            if (FindSender(nack.Media) is { } sender)
            {
                foreach (SequenceNumber lost in nack.Lost)
                    handler.OnNack(sender, lost, now);
            }
        }
        else if (PliView.TryParse(packet, out PliView pli))
        {
            if (FindSender(pli.Media) is { } sender)
                handler.OnKeyFrameRequest(sender, now);
        }
        else if (FirView.TryParse(packet, out FirView fir))
        {
            foreach (FirEntry entry in fir.Entries)
            {
                if (FindSender(entry.Ssrc) is { } sender)
                    handler.OnKeyFrameRequest(sender, now);
            }
        }
    }

    private void OnSenderReport(in SenderReportView report, MonotonicTime now)
    {
        if (_streams.TryGet(report.Sender, out StreamBinding? binding) && !binding!.IsRetransmission)
        {
            binding.Stream.OnSenderReport(report.NtpTime, report.RtpTimestamp, now);
            RemoteClock.OnSenderReport(report.NtpTime, _clock.At(now), now);
        }
        foreach (ReportBlock block in report.ReportBlocks)
            OnReportBlock(block, now);
    }

    private void OnReportBlock(in ReportBlock block, MonotonicTime now) => FindSender(block.Ssrc)?.Stream.OnReportBlock(block, _clock, now);

    private RtpSender? FindSender(Ssrc ssrc)
    {
        foreach (RtpSender sender in _senders)
        {
            if (sender.Stream.Ssrc == ssrc)
                return sender;
        }
        return null;
    }

    private void WriteReports(PeerTransport transport, MonotonicTime now)
    {
        if (!transport.TryReserve(out Span<byte> slot))
            return;
        var writer = new RtcpWriter(slot[..MaxCompound]);
        Span<ReportBlock> blocks = stackalloc ReportBlock[31];
        int blockCount = CollectReportBlocks(blocks, now);
        bool any = false;
        foreach (RtpSender sender in _senders)
        {
            if (sender.Timing is not { } timing)
                continue;
            NtpTime time = _clock.At(now);
            SendStream stream = sender.Stream;
            any |= writer.WriteSenderReport(
                stream.Ssrc, time, timing.At(time, stream.ClockRate), (uint)stream.PacketsSent, (uint)stream.PayloadBytesSent, blocks[..blockCount]);
            blockCount = 0;
        }
        if (!any)
            writer.WriteReceiverReport(_localSsrc, blocks[..blockCount]);
        WriteDescriptions(ref writer);
        transport.ProtectAndCommitRtcp(slot, writer.Length);
    }

    private int CollectReportBlocks(Span<ReportBlock> blocks, MonotonicTime now)
    {
        int count = 0;
        // By index: the enumerator of an interface is an object.
        for (int i = 0; i < _streams.Receivers.Count; i++)
        {
            IReadOnlyList<ReceiveStream> encodings = _streams.Receivers[i].Encodings;
            for (int j = 0; j < encodings.Count && count < blocks.Length; j++)
            {
                if (encodings[j].HasReceived)
                    blocks[count++] = encodings[j].TakeReport(now);
            }
        }
        return count;
    }

    private void WriteDescriptions(ref RtcpWriter writer)
    {
        writer.WriteSourceDescription(_localSsrc, _cname);
        for (int i = 1; i < _senders.Count; i++)
            writer.WriteSourceDescription(_senders[i].Stream.Ssrc, _cname);
    }

    private bool WriteTransportFeedback(PeerTransport transport, MonotonicTime now)
    {
        if (!transport.TryReserve(out Span<byte> slot))
            return false;
        RtcpWriter writer = BeginFeedback(slot);
        if (!_transportFeedback.TryWrite(ref writer, _localSsrc, _feedbackMedia, now))
            return false;
        transport.ProtectAndCommitRtcp(slot, writer.Length);
        return true;
    }

    private void WriteStreamFeedback(PeerTransport transport, MonotonicTime now)
    {
        MonotonicTime next = MonotonicTime.Never;
        for (int i = 0; i < _streams.Receivers.Count; i++)
        {
            RtpReceiver receiver = _streams.Receivers[i];
            for (int j = 0; j < receiver.Encodings.Count; j++)
            {
                ReceiveStream stream = receiver.Encodings[j];
                if (stream.NextDeadline <= now)
                    WriteStreamFeedback(transport, receiver, stream, now);
                next = MonotonicTime.Min(next, stream.NextDeadline);
            }
        }
        _nextStreamDeadline = next;
    }

    private void WriteStreamFeedback(PeerTransport transport, RtpReceiver receiver, ReceiveStream stream, MonotonicTime now)
    {
        if (stream.Ssrc is not { } media || !transport.TryReserve(out Span<byte> slot))
            return;
        RtcpWriter writer = BeginFeedback(slot);
        int empty = writer.Length;
        Span<SequenceNumber> lost = stackalloc SequenceNumber[MaxNacksAtOnce];
        int count = stream.CollectNacks(lost, now);
        if (count > 0)
            writer.WriteNack(_localSsrc, media, lost[..count]);
        if (stream.TakeKeyFrameRequest(now))
        {
            if (receiver.Codecs[0].Feedback.HasFlag(Codecs.RtcpFeedbackKinds.Pli))
                writer.WritePli(_localSsrc, media);
            else if (receiver.Codecs[0].Feedback.HasFlag(Codecs.RtcpFeedbackKinds.Fir))
                writer.WriteFir(_localSsrc, media, _firSequence++);
        }
        if (writer.Length > empty)
            transport.ProtectAndCommitRtcp(slot, writer.Length);
    }

    /// <summary>Feedback stands alone where reduced size was negotiated (RFC 5506), else behind a report (RFC 3550 section 6.1).</summary>
    private RtcpWriter BeginFeedback(Span<byte> slot)
    {
        var writer = new RtcpWriter(slot[..MaxCompound]);
        if (!_reducedSize)
        {
            writer.WriteReceiverReport(_localSsrc, []);
            writer.WriteSourceDescription(_localSsrc, _cname);
        }
        return writer;
    }
}
