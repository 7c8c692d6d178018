using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtp;

/// <summary>
/// Writes an RTP header (RFC 3550 section 5.1) straight into the outgoing slot: <see cref="WriteHeader"/>, then any
/// number of <see cref="WriteExtension"/>, then <see cref="FinishHeader"/>; the payload goes behind the length that
/// it returns. The destination must hold at least the fixed header.
/// </summary>
public ref struct RtpPacketWriter
{
    private const int BlockHeaderLength = 4;
    private const byte LastOneByteId = 14;
    private const int LongestOneByteValue = 16;
    private const ushort OneByteProfile = 0xBEDE;
    private const ushort TwoByteProfile = 0x1000;
    private const int ElementsOffset = RtpHeader.FixedLength + BlockHeaderLength;

    private readonly Span<byte> _destination;
    private int _length;
    private int _elementCount;
    private bool _twoByte;

    public RtpPacketWriter(Span<byte> destination) => _destination = destination;

    public void WriteHeader(bool marker, PayloadType payloadType, SequenceNumber sequenceNumber, RtpTimestamp timestamp, Ssrc ssrc)
    {
        _destination[0] = 2 << 6;
        _destination[1] = (byte)((marker ? 0x80 : 0) | (payloadType.Value & 0x7F));
        BinaryPrimitives.WriteUInt16BigEndian(_destination[2..], sequenceNumber.Value);
        BinaryPrimitives.WriteUInt32BigEndian(_destination[4..], timestamp.Value);
        BinaryPrimitives.WriteUInt32BigEndian(_destination[8..], ssrc.Value);
        _length = RtpHeader.FixedLength;
    }

    /// <summary>
    /// Adds an element in the one-byte form (RFC 8285 section 4.2). The first one that needs the two-byte form
    /// (section 4.3: identifier above 14, no data, or more than 16 bytes) turns the whole block into it.
    /// </summary>
    /// <param name="id">Local identifier, 1-255.</param>
    /// <param name="value">Its data, at most 255 bytes.</param>
    /// <returns>False when it does not fit: nothing was written.</returns>
    public bool WriteExtension(byte id, scoped ReadOnlySpan<byte> value)
    {
        bool twoByte = _twoByte || id > LastOneByteId || value.Length is 0 or > LongestOneByteValue;
        int start = _elementCount == 0 ? ElementsOffset : _length;
        int growth = twoByte && !_twoByte ? _elementCount : 0;
        int end = start + growth + (twoByte ? 2 : 1) + value.Length;
        if (id == 0 || value.Length > byte.MaxValue || RoundUp(end) > _destination.Length)
            return false;
        if (growth > 0)
            WidenElements(start);
        _twoByte = twoByte;
        Span<byte> element = _destination[(start + growth)..end];
        if (twoByte)
        {
            element[0] = id;
            element[1] = (byte)value.Length;
        }
        else
        {
            element[0] = (byte)(id << 4 | (value.Length - 1));
        }
        value.CopyTo(element[^value.Length..]);
        _length = end;
        _elementCount++;
        return true;
    }

    /// <summary>Pads the extension block to 32 bits and fills in its header.</summary>
    /// <returns>Bytes of the header: where the payload begins.</returns>
    public int FinishHeader()
    {
        if (_elementCount == 0)
            return _length;
        int end = RoundUp(_length);
        _destination[_length..end].Clear();
        _destination[0] |= 0x10;
        Span<byte> block = _destination[RtpHeader.FixedLength..];
        BinaryPrimitives.WriteUInt16BigEndian(block, _twoByte ? TwoByteProfile : OneByteProfile);
        BinaryPrimitives.WriteUInt16BigEndian(block[2..], (ushort)((end - ElementsOffset) / 4));
        _length = end;
        return end;
    }

    /// <summary>Every one-byte element header becomes two bytes, in place.</summary>
    private readonly void WidenElements(int end)
    {
        Span<byte> rest = _destination[ElementsOffset..];
        int restLength = end - ElementsOffset;
        for (int i = 0; i < _elementCount; i++)
        {
            byte id = (byte)(rest[0] >> 4);
            int valueLength = (rest[0] & 0x0F) + 1;
            rest[1..restLength].CopyTo(rest[2..]);
            rest[0] = id;
            rest[1] = (byte)valueLength;
            rest = rest[(2 + valueLength)..];
            restLength -= 1 + valueLength;
        }
    }

    private static int RoundUp(int length) => (length + 3) & ~3;
}
