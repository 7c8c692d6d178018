using System.Buffers.Binary;

namespace MediaGateway.Rtc.Sctp;

/// <summary>The common header (RFC 9260 section 3.1) and then chunk after chunk. Each chunk takes at least four bytes.</summary>
internal ref struct SctpPacketReader
{
    public const int HeaderLength = 12;

    private ReadOnlySpan<byte> _rest;

    private SctpPacketReader(ReadOnlySpan<byte> packet)
    {
        SourcePort = BinaryPrimitives.ReadUInt16BigEndian(packet);
        DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        VerificationTag = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        _rest = packet[HeaderLength..];
    }

    public ushort SourcePort { get; }

    public ushort DestinationPort { get; }

    public uint VerificationTag { get; }

    /// <summary>True once the rest turned out not to be a sequence of chunks; what was read before stays valid.</summary>
    public bool IsMalformed { get; private set; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>False for what cannot hold one chunk. The checksum is the caller's to check.</summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out SctpPacketReader reader)
    {
        bool fits = packet.Length >= HeaderLength + SctpChunk.HeaderLength;
        reader = fits ? new SctpPacketReader(packet) : default;
        return fits;
    }

    public bool TryRead(out SctpChunk chunk)
    {
        chunk = default;
        if (_rest.IsEmpty || IsMalformed)
            return false;
        int length = _rest.Length < SctpChunk.HeaderLength ? 0 : BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length < SctpChunk.HeaderLength || length > _rest.Length)
        {
            IsMalformed = true;
            return false;
        }
        chunk = new SctpChunk((SctpChunkType)_rest[0], _rest[1], _rest[SctpChunk.HeaderLength..length]);
        // Padding that is missing at the end of the packet does no harm.
        _rest = _rest[Math.Min(Padded(length), _rest.Length)..];
        return true;
    }

    public static int Padded(int length) => (length + 3) & ~3;
}
