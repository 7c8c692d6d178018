using System.Buffers.Binary;

namespace MediaGateway.Rtc.Codecs;

/// <summary>
/// The NAL units of an RTP payload: single ones, those of an aggregate, the fragment of one. H.264 in the packetization modes 0 and 1
/// of WebRTC (RFC 6184: STAP-A, FU-A; the interleaved types belong to mode 2, which is never negotiated), H.265 without decoding
/// order numbers, which only a negotiated sprop-max-don-diff above 0 brings in (RFC 7798). It is total: what cannot be read ends it.
/// </summary>
internal ref struct NalUnits
{
    private const int SizeLength = 2;
    private const byte FuStart = 0x80;
    private const byte FuEnd = 0x40;

    private readonly bool _isH265;
    private ReadOnlySpan<byte> _rest;
    private readonly bool _isAggregate;

    /// <param name="codec">H.264 or H.265.</param>
    /// <param name="payload">RTP payload without padding.</param>
    public NalUnits(CodecKind codec, ReadOnlySpan<byte> payload)
    {
        _isH265 = codec == CodecKind.H265;
        if (payload.Length < (_isH265 ? HeaderLength + 1 : HeaderLength))
            return;
        _isAggregate = TypeOf(payload) == (_isH265 ? (byte)H265NalUnitType.AggregationPacket : (byte)H264NalUnitType.StapA);
        _rest = _isAggregate ? payload[HeaderLength..] : payload;
    }

    public NalUnit Current { get; private set; }

    private readonly int HeaderLength => HeaderLengthOf(_isH265);

    public static int HeaderLengthOf(bool isH265) => isH265 ? 2 : 1;

    /// <summary>True when a NAL unit of a type begins in the payload.</summary>
    public static bool Start(CodecKind codec, ReadOnlySpan<byte> payload, byte type)
    {
        foreach (NalUnit unit in new NalUnits(codec, payload))
        {
            if (unit.Starts && unit.Type == type)
                return true;
        }
        return false;
    }

    public readonly NalUnits GetEnumerator() => this;

    public bool MoveNext()
    {
        ReadOnlySpan<byte> unit = _rest;
        _rest = default;
        if (!_isAggregate)
            return !unit.IsEmpty && TryRead(unit);
        // Each unit stands behind its size (RFC 6184 section 5.7.1, RFC 7798 section 4.4.2).
        if (unit.Length <= SizeLength)
            return false;
        int size = BinaryPrimitives.ReadUInt16BigEndian(unit);
        unit = unit[SizeLength..];
        if (size == 0 || size > unit.Length)
            return false;
        _rest = unit[size..];
        return TryReadWhole(unit[..size]);
    }

    private bool TryRead(ReadOnlySpan<byte> unit)
    {
        byte fragment = _isH265 ? (byte)H265NalUnitType.FragmentationUnit : (byte)H264NalUnitType.FuA;
        if (TypeOf(unit) != fragment)
            return TryReadWhole(unit);
        if (unit.Length <= HeaderLength)
            return false;
        // The FU header behind the payload header: start, end, type (RFC 6184 section 5.8, RFC 7798 section 4.4.3).
        byte fu = unit[HeaderLength];
        byte type = (byte)(fu & (_isH265 ? 0x3F : 0x1F));
        Current = new NalUnit
        {
            Type = type,
            Header = (ushort)(_isH265 ? ((unit[0] & 0x81) | type << 1) << 8 | unit[1] : (unit[0] & 0xE0) | type),
            Body = unit[(HeaderLength + 1)..],
            Starts = (fu & FuStart) != 0,
            Ends = (fu & FuEnd) != 0,
        };
        return true;
    }

    private bool TryReadWhole(ReadOnlySpan<byte> unit)
    {
        if (unit.Length < HeaderLength)
            return false;
        Current = new NalUnit
        {
            Type = TypeOf(unit),
            Header = _isH265 ? BinaryPrimitives.ReadUInt16BigEndian(unit) : unit[0],
            Body = unit[HeaderLength..],
            Starts = true,
            Ends = true,
        };
        return true;
    }

    private readonly byte TypeOf(ReadOnlySpan<byte> unit) => (byte)(_isH265 ? unit[0] >> 1 & 0x3F : unit[0] & 0x1F);
}
