using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Relay;

/// <summary>Description of a publication, sent to the other worker before its packets: codecs, header extensions, encodings.</summary>
/// <param name="Id">Number of the publication on this link; never used for another.</param>
/// <param name="Format">Its codecs and header extensions.</param>
/// <param name="Encodings">Names of its simulcast encodings in its publisher's order; empty without simulcast.</param>
/// <param name="LowToHigh">Names of its simulcast encodings, lowest rank first.</param>
internal sealed record PublicationRecord(int Id, MediaFormat Format, ImmutableArray<Rid> Encodings, ImmutableArray<Rid> LowToHigh)
{
    /// <summary>Length of the longest record, bytes.</summary>
    public const int MaxLength = 128 * 1024;

    /// <summary>
    /// Longest parameters of a codec, bytes: several times what senders write, parameter sets included. A codec with longer ones is left
    /// out.
    /// </summary>
    private const int MaxParameters = 768;

    private const int MaxEncodings = 16;

    private const int MaxRid = 255;

    public static void Write(ref RelayRecordWriter writer, int id, Publication publication)
    {
        RtpReceiver receiver = publication.Receiver;
        RtpCodec[] codecs = [.. receiver.Codecs.Where(codec => Encoding.UTF8.GetByteCount(codec.Parameters) <= MaxParameters)];
        writer.WriteInt32(id);
        writer.WriteByte((byte)receiver.Kind);
        writer.WriteByte((byte)codecs.Length);
        foreach (RtpCodec codec in codecs)
        {
            writer.WriteByte((byte)codec.Kind);
            writer.WriteByte(codec.PayloadType.Value);
            writer.WriteInt32(codec.ClockRate);
            writer.WriteByte((byte)codec.Channels);
            writer.WriteText(codec.Parameters);
        }
        writer.WriteByte((byte)receiver.Extensions.Entries.Count);
        foreach ((HeaderExtensionKind kind, byte extension) in receiver.Extensions.Entries)
        {
            writer.WriteByte((byte)kind);
            writer.WriteByte(extension);
        }
        writer.WriteByte((byte)receiver.Encodings.Count);
        foreach (Rtc.Streams.RtpReceiveStream encoding in receiver.Encodings)
            writer.WriteText(encoding.Rid?.Value ?? "");
        ImmutableArray<Rid> ranked = publication.RankedRids;
        writer.WriteByte((byte)ranked.Length);
        foreach (Rid rid in ranked)
            writer.WriteText(rid.Value);
    }

    /// <summary>Reads a record; false when it is none that <see cref="Write"/> makes.</summary>
    public static bool TryRead(ref RelayRecordReader reader, [NotNullWhen(true)] out PublicationRecord? record)
    {
        record = null;
        int id = reader.ReadInt32();
        var kind = (MediaKind)reader.ReadByte();
        if (!TryReadCodecs(ref reader, kind, out ImmutableArray<RtpCodec> codecs)
            || !TryReadExtensions(ref reader, out HeaderExtensionMap? extensions))
            return false;
        ImmutableArray<Rid> encodings = ReadRids(ref reader);
        ImmutableArray<Rid> lowToHigh = ReadRids(ref reader);
        if (!reader.IsValid || encodings.Length is 0 or > MaxEncodings || encodings.Any(rid => rid.Value.Length > MaxRid))
            return false;
        if (encodings is [{ Value.Length: 0 }])
            encodings = [];
        record = new PublicationRecord(id, new MediaFormat(kind, codecs, extensions), encodings, lowToHigh);
        return true;
    }

    private static bool TryReadCodecs(ref RelayRecordReader reader, MediaKind kind, out ImmutableArray<RtpCodec> codecs)
    {
        var read = ImmutableArray.CreateBuilder<RtpCodec>();
        for (int left = reader.ReadByte(); left > 0 && reader.IsValid; left--)
        {
            var codec = new RtpCodec(
                (CodecKind)reader.ReadByte(),
                new PayloadType(reader.ReadByte()),
                reader.ReadInt32(),
                reader.ReadByte(),
                reader.ReadText(),
                RetransmissionPayloadType: null,
                RtcpFeedbackKinds.None);
            if (!Enum.IsDefined(codec.Kind) || codec.MediaKind != kind || codec.PayloadType.Value > 127 || codec.ClockRate <= 0)
                reader.Invalidate();
            read.Add(codec);
        }
        codecs = read.ToImmutable();
        return reader.IsValid && codecs.Length > 0;
    }

    private static bool TryReadExtensions(ref RelayRecordReader reader, [NotNullWhen(true)] out HeaderExtensionMap? extensions)
    {
        List<KeyValuePair<HeaderExtensionKind, byte>> read = [];
        for (int left = reader.ReadByte(); left > 0 && reader.IsValid; left--)
        {
            var kind = (HeaderExtensionKind)reader.ReadByte();
            byte id = reader.ReadByte();
            if (!Enum.IsDefined(kind) || id == 0 || read.Exists(other => other.Key == kind || other.Value == id))
                reader.Invalidate();
            else
                read.Add(new(kind, id));
        }
        extensions = reader.IsValid ? new HeaderExtensionMap(read) : null;
        return extensions is not null;
    }

    private static ImmutableArray<Rid> ReadRids(ref RelayRecordReader reader)
    {
        var rids = ImmutableArray.CreateBuilder<Rid>();
        for (int left = reader.ReadByte(); left > 0 && reader.IsValid; left--)
            rids.Add(new Rid(reader.ReadText()));
        return rids.ToImmutable();
    }
}
