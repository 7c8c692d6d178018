using System.Buffers.Binary;
using System.Numerics;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>
/// Writes RTCP packets one behind the other into the outgoing slot. Every method returns false, and writes nothing,
/// when its packet does not fit the rest of the slot or the limits of the format.
/// </summary>
public ref struct RtcpWriter
{
    /// <summary>Value that marks a packet as not arrived in the arrivals of <see cref="WriteTransportFeedback"/>.</summary>
    public const long NotReceived = long.MinValue;

    private const int HeaderLength = 4;
    private const int GreatestCount = 31;

    private readonly Span<byte> _destination;

    public RtcpWriter(Span<byte> destination) => _destination = destination;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    private readonly int BodyRoom => _destination.Length - Length - HeaderLength;

    /// <summary>SR (RFC 3550 section 6.4.1), at most 31 blocks.</summary>
    public bool WriteSenderReport(
        Ssrc sender, NtpTime ntpTime, RtpTimestamp rtpTimestamp, uint packetCount, uint octetCount, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        int length = SenderReportView.FixedLength + blocks.Length * ReportBlock.Length;
        if (!TryAppend(RtcpPacketType.SenderReport, blocks.Length, length, out Span<byte> body))
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(body, sender.Value);
        BinaryPrimitives.WriteUInt64BigEndian(body[4..], ntpTime.Value);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], rtpTimestamp.Value);
        BinaryPrimitives.WriteUInt32BigEndian(body[16..], packetCount);
        BinaryPrimitives.WriteUInt32BigEndian(body[20..], octetCount);
        WriteBlocks(body[SenderReportView.FixedLength..], blocks);
        return true;
    }

    /// <summary>RR (RFC 3550 section 6.4.2), at most 31 blocks.</summary>
    public bool WriteReceiverReport(Ssrc sender, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        int length = ReceiverReportView.FixedLength + blocks.Length * ReportBlock.Length;
        if (!TryAppend(RtcpPacketType.ReceiverReport, blocks.Length, length, out Span<byte> body))
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(body, sender.Value);
        WriteBlocks(body[ReceiverReportView.FixedLength..], blocks);
        return true;
    }

    /// <summary>SDES of one source with its CNAME, at most 255 bytes of UTF-8 (RFC 3550 section 6.5.1).</summary>
    public bool WriteSourceDescription(Ssrc ssrc, scoped ReadOnlySpan<byte> cname)
    {
        // SSRC, item type, item length, text, and null octets to the next boundary, at least one.
        int length = (6 + cname.Length + 4) & ~3;
        if (cname.Length > byte.MaxValue || !TryAppend(RtcpPacketType.SourceDescription, 1, length, out Span<byte> body))
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(body, ssrc.Value);
        body[4] = SdesChunkEnumerator.CnameItem;
        body[5] = (byte)cname.Length;
        cname.CopyTo(body[6..]);
        body[(6 + cname.Length)..].Clear();
        return true;
    }

    /// <summary>BYE (RFC 3550 section 6.6), at most 31 sources.</summary>
    public bool WriteBye(scoped ReadOnlySpan<Ssrc> sources)
    {
        if (!TryAppend(RtcpPacketType.Bye, sources.Length, sources.Length * sizeof(uint), out Span<byte> body))
            return false;
        WriteSources(body, sources);
        return true;
    }

    /// <summary>Generic NACK (RFC 4585 section 6.2.1). An empty list writes nothing.</summary>
    /// <param name="sender">Whose feedback it is.</param>
    /// <param name="media">The stream with the losses.</param>
    /// <param name="lost">Ascending, in serial-number order: up to 17 in a span of 17 share one entry of 4 bytes.</param>
    public bool WriteNack(Ssrc sender, Ssrc media, scoped ReadOnlySpan<SequenceNumber> lost)
    {
        if (lost.IsEmpty)
            return true;
        int length = FeedbackHeader.Length + CountNackEntries(lost) * NackView.EntryLength;
        if (!TryAppendFeedback(RtcpPacketType.TransportLayerFeedback, RtcpFeedbackFormat.Nack, sender, media, length, out Span<byte> body))
            return false;
        Span<byte> entries = body[FeedbackHeader.Length..];
        while (!lost.IsEmpty)
        {
            int taken = TakeNackEntry(lost, out ushort following);
            BinaryPrimitives.WriteUInt16BigEndian(entries, lost[0].Value);
            BinaryPrimitives.WriteUInt16BigEndian(entries[2..], following);
            entries = entries[NackView.EntryLength..];
            lost = lost[taken..];
        }
        return true;
    }

    /// <summary>PLI (RFC 4585 section 6.3.1).</summary>
    public bool WritePli(Ssrc sender, Ssrc media) => TryAppendFeedback(
        RtcpPacketType.PayloadSpecificFeedback,
        RtcpFeedbackFormat.PictureLossIndication,
        sender,
        media,
        FeedbackHeader.Length,
        out _);

    /// <summary>FIR with one entry (RFC 5104 section 4.3.1).</summary>
    /// <param name="sender">Whose request it is.</param>
    /// <param name="media">The stream asked for a key frame; it goes into the entry, the header's media SSRC is 0 by the RFC.</param>
    /// <param name="sequenceNumber">One more than in the previous request for this stream; the same in a repetition.</param>
    public bool WriteFir(Ssrc sender, Ssrc media, byte sequenceNumber)
    {
        const int length = FeedbackHeader.Length + FirEntry.Length;
        if (!TryAppendFeedback(
                RtcpPacketType.PayloadSpecificFeedback,
                RtcpFeedbackFormat.FullIntraRequest,
                sender,
                new Ssrc(0),
                length,
                out Span<byte> body))
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], media.Value);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], (uint)sequenceNumber << 24);
        return true;
    }

    /// <summary>REMB (draft-alvestrand-rmcat-remb-03 section 2.2), at most 255 sources. The rate is rounded down to 18 bits.</summary>
    public bool WriteRemb(Ssrc sender, Bitrate bitrate, scoped ReadOnlySpan<Ssrc> sources)
    {
        int length = RembView.FixedLength + sources.Length * sizeof(uint);
        if (sources.Length > byte.MaxValue
            || !TryAppendFeedback(
                RtcpPacketType.PayloadSpecificFeedback,
                RtcpFeedbackFormat.ApplicationLayer,
                sender,
                new Ssrc(0),
                length,
                out Span<byte> body))
            return false;
        ulong rate = (ulong)Math.Max(bitrate.BitsPerSecond, 0);
        int exponent = Math.Max(0, 64 - BitOperations.LeadingZeroCount(rate) - RembView.MantissaBits);
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], RembView.Identifier);
        BinaryPrimitives.WriteUInt32BigEndian(
            body[12..],
            (uint)sources.Length << 24 | (uint)exponent << RembView.MantissaBits | (uint)(rate >> exponent));
        WriteSources(body[RembView.FixedLength..], sources);
        return true;
    }

    /// <summary>Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1).</summary>
    /// <param name="sender">Whose feedback it is.</param>
    /// <param name="media">Any stream of the transport.</param>
    /// <param name="baseSequence">Transport-wide sequence number of the first packet.</param>
    /// <param name="feedbackCount">One more than in the previous feedback; wraps.</param>
    /// <param name="arrivals">
    /// For each packet from the base on, when it arrived in ticks of 100 ns, or <see cref="NotReceived"/>.
    /// </param>
    /// <param name="written">
    /// How many of them the packet covers: fewer than all when the slot is full or a delta leaves the 16 bits (8.2 s).
    /// The rest belongs into a further packet.
    /// </param>
    /// <returns>False when nothing was written: no packet received among those that fit.</returns>
    public bool WriteTransportFeedback(
        Ssrc sender, Ssrc media, SequenceNumber baseSequence, byte feedbackCount, scoped ReadOnlySpan<long> arrivals, out int written)
    {
        TransportFeedbackEncoder encoder = new(arrivals, BodyRoom - TransportFeedbackView.FixedLength);
        written = encoder.Count;
        int length = TransportFeedbackView.FixedLength + encoder.Length;
        if (written == 0
            || !TryAppendFeedback(
                RtcpPacketType.TransportLayerFeedback, RtcpFeedbackFormat.TransportWide, sender, media, length, out Span<byte> body))
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(body[8..], baseSequence.Value);
        BinaryPrimitives.WriteUInt16BigEndian(body[10..], (ushort)written);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], (uint)encoder.Reference << 8 | feedbackCount);
        encoder.Write(body[TransportFeedbackView.FixedLength..]);
        return true;
    }

    private bool TryAppend(RtcpPacketType type, int count, int bodyLength, out Span<byte> body)
    {
        body = default;
        if (count > GreatestCount || bodyLength > BodyRoom || bodyLength / 4 > ushort.MaxValue)
            return false;
        Span<byte> packet = _destination.Slice(Length, HeaderLength + bodyLength);
        packet[0] = (byte)(2 << 6 | count);
        packet[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(bodyLength / 4));
        body = packet[HeaderLength..];
        Length += packet.Length;
        return true;
    }

    private bool TryAppendFeedback(RtcpPacketType type, byte format, Ssrc sender, Ssrc media, int bodyLength, out Span<byte> body)
    {
        if (!TryAppend(type, format, bodyLength, out body))
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(body, sender.Value);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], media.Value);
        return true;
    }

    private static void WriteBlocks(Span<byte> destination, ReadOnlySpan<ReportBlock> blocks)
    {
        for (int i = 0; i < blocks.Length; i++)
            blocks[i].Write(destination[(i * ReportBlock.Length)..]);
    }

    private static void WriteSources(Span<byte> destination, ReadOnlySpan<Ssrc> sources)
    {
        for (int i = 0; i < sources.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(destination[(i * sizeof(uint))..], sources[i].Value);
    }

    private static int CountNackEntries(ReadOnlySpan<SequenceNumber> lost)
    {
        int count = 0;
        for (; !lost.IsEmpty; count++)
            lost = lost[TakeNackEntry(lost, out _)..];
        return count;
    }

    /// <summary>Returns how many of the first numbers share one NACK entry, and the mask of those after its packet id.</summary>
    private static int TakeNackEntry(ReadOnlySpan<SequenceNumber> lost, out ushort following)
    {
        following = 0;
        int taken = 1;
        for (; taken < lost.Length; taken++)
        {
            int distance = lost[taken].DistanceFrom(lost[0]);
            if (distance is < 1 or > 16)
                break;
            following |= (ushort)(1 << (distance - 1));
        }
        return taken;
    }
}
