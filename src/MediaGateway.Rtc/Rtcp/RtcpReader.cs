using System.Buffers.Binary;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>
/// Splits a decrypted RTCP datagram into its packets. Compound (RFC 3550 section 6.1) and reduced-size datagrams
/// (RFC 5506) alike: neither the first packet's type nor an SDES is insisted on, SRTCP has authenticated the sender.
/// </summary>
/// <remarks>
/// Deviation from RFC 3550 section 6.4.1: padding is accepted on every packet of a compound, not only on the last,
/// and of any length, because libwebrtc pads each transport-wide feedback to 32 bits that way.
/// </remarks>
public ref struct RtcpReader
{
    private const int HeaderLength = 4;

    private ReadOnlySpan<byte> _rest;

    public RtcpReader(ReadOnlySpan<byte> compound)
    {
        _rest = compound;
        IsMalformed = compound.IsEmpty;
    }

    /// <summary>True once the datagram turned out not to be a sequence of RTCP packets; what was read before stays valid.</summary>
    public bool IsMalformed { get; private set; }

    public bool TryRead(out RtcpPacketView packet)
    {
        packet = default;
        if (_rest.IsEmpty || IsMalformed)
            return false;
        IsMalformed = !TryTake(out packet);
        return !IsMalformed;
    }

    private bool TryTake(out RtcpPacketView packet)
    {
        packet = default;
        if (_rest.Length < HeaderLength || _rest[0] >> 6 != 2)
            return false;
        int length = (BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) + 1) * 4;
        if (_rest.Length < length)
            return false;
        ReadOnlySpan<byte> body = _rest[HeaderLength..length];
        if ((_rest[0] & 0x20) != 0)
        {
            int paddingLength = body.IsEmpty ? 0 : body[^1];
            if (paddingLength == 0 || paddingLength > body.Length)
                return false;
            body = body[..^paddingLength];
        }
        packet = new RtcpPacketView((RtcpPacketType)_rest[1], (byte)(_rest[0] & 0x1F), body);
        _rest = _rest[length..];
        return true;
    }
}
