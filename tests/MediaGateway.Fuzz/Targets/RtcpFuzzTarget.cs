using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>A packet that a view accepts can be written again, and what is written reads the same.</summary>
public sealed class RtcpFuzzTarget : IFuzzTarget
{
    public string Name => "rtcp";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("80C900010000000181CA000300000001010361626300000081CE00020000000100000002"),
        Convert.FromHexString("81C8000C000000011122334455667788000000090000000A0000000B0000BEEF40FFFFFE0001000200000003AABBCCDD00010000"),
        Convert.FromHexString("82CB0003000000010000000203627965"),
        Convert.FromHexString("81CD0004000000010000000200058001FFF8FFFF"),
        Convert.FromHexString("84CE00040000000100000000000000020A000000"),
        Convert.FromHexString("8FCE0006000000010000000052454D42020BD0900000000200000003"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] slot = new byte[input.Length + 2048];
        RtcpReader reader = new(input);
        int total = 0;
        while (reader.TryRead(out RtcpPacketView packet))
        {
            total += 4 + packet.Body.Length;
            Rewrite(packet, slot);
        }
        Property.Holds(total <= input.Length, "packets are parts of the datagram");
        Property.Holds(!reader.TryRead(out _), "the end is the end");
    }

    private static void Rewrite(RtcpPacketView packet, byte[] slot)
    {
        RtcpWriter writer = new(slot);
        if (SenderReportView.TryParse(packet, out SenderReportView sr))
        {
            ReportBlock[] blocks = ToArray(sr.ReportBlocks);
            Property.Holds(
                writer.WriteSenderReport(sr.Sender, sr.NtpTime, sr.RtpTimestamp, sr.PacketCount, sr.OctetCount, blocks)
                    && SenderReportView.TryParse(Read(slot, writer.Length), out SenderReportView again)
                    && again.NtpTime == sr.NtpTime
                    && again.OctetCount == sr.OctetCount
                    && ToArray(again.ReportBlocks).AsSpan().SequenceEqual(blocks),
                "SR survives");
        }
        else if (ReceiverReportView.TryParse(packet, out ReceiverReportView rr))
        {
            ReportBlock[] blocks = ToArray(rr.ReportBlocks);
            Property.Holds(
                writer.WriteReceiverReport(rr.Sender, blocks)
                    && ReceiverReportView.TryParse(Read(slot, writer.Length), out ReceiverReportView again)
                    && again.Sender == rr.Sender
                    && ToArray(again.ReportBlocks).AsSpan().SequenceEqual(blocks),
                "RR survives");
        }
        else if (SdesView.TryParse(packet, out SdesView sdes))
        {
            RewriteChunks(sdes, slot);
        }
        else if (ByeView.TryParse(packet, out ByeView bye))
        {
            Ssrc[] sources = ToArray(bye.Sources);
            Property.Holds(
                writer.WriteBye(sources)
                    && ByeView.TryParse(Read(slot, writer.Length), out ByeView again)
                    && ToArray(again.Sources).AsSpan().SequenceEqual(sources),
                "BYE survives");
        }
        else
        {
            RewriteFeedback(packet, slot);
        }
    }

    private static void RewriteChunks(SdesView sdes, byte[] slot)
    {
        foreach (SdesChunk chunk in sdes.Chunks)
        {
            RtcpWriter writer = new(slot);
            Property.Holds(writer.WriteSourceDescription(chunk.Ssrc, chunk.Cname), "a name that was read can be written");
            Property.Holds(SdesView.TryParse(Read(slot, writer.Length), out SdesView again), "an SDES that was written parses");
            SdesChunkEnumerator chunks = again.Chunks;
            Property.Holds(
                chunks.MoveNext() && chunks.Current.Ssrc == chunk.Ssrc && chunks.Current.Cname.SequenceEqual(chunk.Cname),
                "the name survives");
        }
    }

    private static void RewriteFeedback(RtcpPacketView packet, byte[] slot)
    {
        RtcpWriter writer = new(slot);
        if (NackView.TryParse(packet, out NackView nack))
        {
            SequenceNumber[] lost = ToArray(nack.Lost);
            // Entries out of order do not pack as well.
            writer = new RtcpWriter(new byte[20 + 4 * lost.Length]);
            Property.Holds(lost.Length > 0 && writer.WriteNack(nack.Sender, nack.Media, lost), "losses that were read can be written");
        }
        else if (PliView.TryParse(packet, out PliView pli))
        {
            Property.Holds(
                writer.WritePli(pli.Sender, pli.Media) && PliView.TryParse(Read(slot, writer.Length), out PliView again) && again == pli,
                "PLI survives");
        }
        else if (FirView.TryParse(packet, out FirView fir))
        {
            FirEntry entry = fir.Entries[0];
            Property.Holds(
                writer.WriteFir(fir.Sender, entry.Ssrc, entry.SequenceNumber)
                    && FirView.TryParse(Read(slot, writer.Length), out FirView again)
                    && again.Entries[0] == entry,
                "FIR survives");
        }
        else if (RembView.TryParse(packet, out RembView remb))
        {
            Property.Holds(
                writer.WriteRemb(remb.Sender, remb.Bitrate, ToArray(remb.Sources))
                    && RembView.TryParse(Read(slot, writer.Length), out RembView again)
                    && again.Bitrate == remb.Bitrate
                    && ToArray(again.Sources).AsSpan().SequenceEqual(ToArray(remb.Sources)),
                "REMB survives");
        }
    }

    private static RtcpPacketView Read(byte[] slot, int length)
    {
        RtcpReader reader = new(slot.AsSpan(0, length));
        Property.Holds(reader.TryRead(out RtcpPacketView packet), "what was written reads");
        Property.Holds(!reader.TryRead(out _) && !reader.IsMalformed, "one packet was written");
        return packet;
    }

    private static ReportBlock[] ToArray(ReportBlockList list)
    {
        ReportBlock[] blocks = new ReportBlock[list.Count];
        int i = 0;
        foreach (ReportBlock block in list)
            blocks[i++] = block;
        return blocks;
    }

    private static Ssrc[] ToArray(SsrcList list)
    {
        Ssrc[] sources = new Ssrc[list.Count];
        int i = 0;
        foreach (Ssrc source in list)
            sources[i++] = source;
        return sources;
    }

    private static SequenceNumber[] ToArray(LostSequenceEnumerator lost)
    {
        List<SequenceNumber> numbers = [];
        foreach (SequenceNumber number in lost)
            numbers.Add(number);
        return [.. numbers];
    }
}
