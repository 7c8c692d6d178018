using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>A FORWARD TSN chunk (RFC 3758 section 3.2), its streams borrowed from the packet.</summary>
internal readonly ref struct ForwardTsnChunk
{
    public const int FieldsLength = 4;
    public const int StreamLength = 4;

    private readonly ReadOnlySpan<byte> _streams;

    private ForwardTsnChunk(Tsn newCumulative, ReadOnlySpan<byte> streams)
    {
        NewCumulative = newCumulative;
        _streams = streams;
    }

    public Tsn NewCumulative { get; }

    public int StreamCount => _streams.Length / StreamLength;

    public static bool TryParse(ReadOnlySpan<byte> value, out ForwardTsnChunk chunk)
    {
        if (value.Length < FieldsLength)
        {
            chunk = default;
            return false;
        }
        chunk = new ForwardTsnChunk(new Tsn(BinaryPrimitives.ReadUInt32BigEndian(value)), value[FieldsLength..]);
        return true;
    }

    public (ushort StreamId, SequenceNumber Last) Stream(int index)
    {
        ReadOnlySpan<byte> stream = _streams[(index * StreamLength)..];
        return (BinaryPrimitives.ReadUInt16BigEndian(stream), new SequenceNumber(BinaryPrimitives.ReadUInt16BigEndian(stream[2..])));
    }
}
