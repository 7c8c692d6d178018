using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>A DATA chunk (RFC 9260 section 3.3.1).</summary>
internal readonly ref struct DataChunk
{
    /// <summary>Length of the fields before the user data, without the chunk header, bytes.</summary>
    public const int FieldsLength = 12;

    private const byte EndBit = 1;
    private const byte BeginningBit = 2;
    private const byte UnorderedBit = 4;
    private const byte ImmediateBit = 8;

    public Tsn Tsn { get; init; }

    public ushort StreamId { get; init; }

    public SequenceNumber StreamSequence { get; init; }

    public PayloadProtocol Protocol { get; init; }

    public bool IsFirst { get; init; }

    public bool IsLast { get; init; }

    public bool IsUnordered { get; init; }

    /// <summary>I bit: acknowledge without delay.</summary>
    public bool WantsImmediateSack { get; init; }

    /// <summary>Never empty in a chunk that parsed (RFC 9260 section 3.3.1: at least one byte).</summary>
    public ReadOnlySpan<byte> UserData { get; init; }

    public static bool TryParse(in SctpChunk chunk, out DataChunk data)
    {
        ReadOnlySpan<byte> value = chunk.Value;
        if (value.Length <= FieldsLength)
        {
            data = default;
            return false;
        }
        data = new DataChunk
        {
            Tsn = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(value)),
            StreamId = BinaryPrimitives.ReadUInt16BigEndian(value[4..]),
            StreamSequence = new SequenceNumber(BinaryPrimitives.ReadUInt16BigEndian(value[6..])),
            Protocol = (PayloadProtocol)BinaryPrimitives.ReadUInt32BigEndian(value[8..]),
            IsFirst = (chunk.Flags & BeginningBit) != 0,
            IsLast = (chunk.Flags & EndBit) != 0,
            IsUnordered = (chunk.Flags & UnorderedBit) != 0,
            WantsImmediateSack = (chunk.Flags & ImmediateBit) != 0,
            UserData = value[FieldsLength..],
        };
        return true;
    }

    public void Write(ref SctpPacketWriter writer)
    {
        int flags = (IsLast ? EndBit : 0) | (IsFirst ? BeginningBit : 0) | (IsUnordered ? UnorderedBit : 0)
            | (WantsImmediateSack ? ImmediateBit : 0);
        Span<byte> value = writer.Append(SctpChunkType.Data, (byte)flags, FieldsLength + UserData.Length);
        BinaryPrimitives.WriteUInt32BigEndian(value, Tsn.Value);
        BinaryPrimitives.WriteUInt16BigEndian(value[4..], StreamId);
        BinaryPrimitives.WriteUInt16BigEndian(value[6..], StreamSequence.Value);
        BinaryPrimitives.WriteUInt32BigEndian(value[8..], (uint)Protocol);
        UserData.CopyTo(value[FieldsLength..]);
    }
}
