using System.Buffers.Binary;

namespace MediaGateway.Rtc.Sctp;

/// <summary>The variable-length parameters of a chunk (RFC 9260 section 3.2.1), one after the other.</summary>
internal ref struct SctpParameterReader(ReadOnlySpan<byte> parameters)
{
    public const int HeaderLength = 4;

    private ReadOnlySpan<byte> _rest = parameters;

    /// <summary>False at the end, and at what is no parameter: what follows it is not to be trusted either.</summary>
    public bool TryRead(out SctpParameterType type, out ReadOnlySpan<byte> value)
    {
        type = default;
        value = default;
        if (_rest.Length < HeaderLength)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length < HeaderLength || length > _rest.Length)
            return false;
        type = (SctpParameterType)BinaryPrimitives.ReadUInt16BigEndian(_rest);
        value = _rest[HeaderLength..length];
        _rest = _rest[Math.Min(SctpPacketReader.Padded(length), _rest.Length)..];
        return true;
    }
}
