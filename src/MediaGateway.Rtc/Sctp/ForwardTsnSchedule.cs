using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// Schedule for telling the remote to skip abandoned chunks (RFC 3758 section 3.5): as soon as the first outstanding chunks are
/// abandoned, and once a round trip again until the remote confirms.
/// </summary>
internal sealed class ForwardTsnSchedule
{
    /// <summary>Ordered streams in one chunk; further ones have to wait for the next.</summary>
    private const int MaxStreams = 32;

    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(20);

    private Tsn _sent;
    private MonotonicTime _again;

    public void OnTimeout() => _again = MonotonicTime.Zero;

    public bool TryWrite(SentChunks chunks, ref SctpPacketWriter writer, TimeSpan roundTrip, MonotonicTime now)
    {
        if (chunks.Count == 0 || chunks[0].State != SentChunkState.Abandoned)
            return false;
        Span<byte> streams = stackalloc byte[MaxStreams * ForwardTsnChunk.StreamLength];
        (int count, int streamsLength) = Collect(chunks, streams);
        Tsn target = chunks.First + (count - 1);
        if ((target == _sent && now < _again) || writer.Room < ForwardTsnChunk.FieldsLength + streamsLength)
            return false;
        Span<byte> value = writer.Append(SctpChunkType.ForwardTsn, 0, ForwardTsnChunk.FieldsLength + streamsLength);
        BinaryPrimitives.WriteUInt32BigEndian(value, target.Value);
        streams[..streamsLength].CopyTo(value[ForwardTsnChunk.FieldsLength..]);
        _sent = target;
        _again = now + (roundTrip > MinInterval ? roundTrip : MinInterval);
        return true;
    }

    /// <summary>Counts the chunks to skip, and writes the last skipped message of each ordered stream among them.</summary>
    private static (int Count, int StreamsLength) Collect(SentChunks chunks, Span<byte> streams)
    {
        int count = 0, length = 0;
        for (; count < chunks.Count && chunks[count].State == SentChunkState.Abandoned; count++)
        {
            OutgoingMessage message = chunks[count].Message;
            if (!message.IsUnordered && !TryNote(streams, ref length, message.Channel.StreamId, message.StreamSequence))
                break;
        }
        return (count, length);
    }

    private static bool TryNote(Span<byte> streams, ref int length, ushort streamId, SequenceNumber sequence)
    {
        int at = 0;
        while (at < length && BinaryPrimitives.ReadUInt16BigEndian(streams[at..]) != streamId)
            at += ForwardTsnChunk.StreamLength;
        if (at == streams.Length)
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(streams[at..], streamId);
        BinaryPrimitives.WriteUInt16BigEndian(streams[(at + 2)..], sequence.Value);
        length = Math.Max(length, at + ForwardTsnChunk.StreamLength);
        return true;
    }
}
