using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Codecs;

/// <summary>
/// The parameter sets of one encoding in H.264 or H.265: those that its packets brought last, and those of its description. Encoders
/// in hardware send them once; who comes later needs them in front of a key frame. Allocates only for a set that was not known, and
/// for <see cref="Current"/> when a set has changed.
/// <para><b>Invariant: what is kept never exceeds <see cref="MaxSets"/> sets and <see cref="MaxBytes"/> bytes.</b></para>
/// </summary>
public sealed class ParameterSetStore(CodecKind codec)
{
    public const int MaxSets = 64;

    public const int MaxBytes = 8 * 1024;

    /// <summary>Longest set that is kept, bytes: ten times what encoders write.</summary>
    public const int MaxSetLength = 2 * 1024;

    private readonly bool _isH265 = codec == CodecKind.H265;
    private readonly List<ParameterSet> _sets = [];
    private ParameterSets? _current;
    private int _bytes;

    /// <summary>The number that the next packet has if none is lost; null before the first.</summary>
    private ExtendedSequence? _next;

    /// <summary>True when no packet is missing since the last slice, so that it is known which sets came since.</summary>
    private bool _isComplete = true;

    /// <summary>Number of slices so far: sets that were seen at the same count came since the last one.</summary>
    private long _slices;

    // A set that comes in fragments.
    private byte[] _fragments = [];
    private int _fragmentLength;
    private ExtendedSequence _fragmentNext;

    /// <summary>Grows with every change.</summary>
    public int Version { get; private set; }

    /// <summary>Number of sets that were longer than <see cref="MaxSetLength"/> and are not kept.</summary>
    public long TooLong { get; private set; }

    public int Count => _sets.Count;

    /// <summary>Memory of the sets, bytes.</summary>
    public int Bytes => _bytes;

    /// <summary>The sets that a decoder can use: each with the one it refers to.</summary>
    public ParameterSets Current => _current ??= ParameterSets.Of(
        _isH265, [.. _sets.Where(IsUsable).OrderBy(set => (set.Kind, set.Id)).Select(set => set.Unit.ToArray())]);

    /// <summary>
    /// Notes a packet, and tells which parameter sets the key frame that begins with it lacks: null when none begins here, when it brings
    /// them itself, when they are not known, or when packets are missing in which they may have come.
    /// </summary>
    public ParameterSets? OnPacket(ExtendedSequence sequence, ReadOnlySpan<byte> payload)
    {
        bool isLate = sequence < _next;
        _isComplete &= _next is not { } next || sequence == next || isLate;
        if (!isLate)
            _next = sequence + 1;
        bool isMissing = false;
        foreach (NalUnit unit in new NalUnits(codec, payload))
        {
            if (KindOf(unit.Type) is { } kind)
            {
                Take(kind, unit, sequence, isSeen: !isLate);
            }
            else if (!isLate && IsSlice(unit.Type))
            {
                isMissing |= _isComplete && unit.Starts && IsRandomAccess(unit.Type) && IsMissingSets(unit);
                _isComplete = true;
                _slices++;
            }
        }
        return isMissing ? Current : null;
    }

    /// <summary>
    /// Takes over a payload with sets that came by another way than the encoding's packets: they are as new as the newest packet.
    /// </summary>
    public void Learn(ReadOnlySpan<byte> payload)
    {
        _fragmentNext = _next ?? default;
        foreach (NalUnit unit in new NalUnits(codec, payload))
        {
            if (KindOf(unit.Type) is { } kind)
                Take(kind, unit, _next ?? default, isSeen: false);
        }
    }

    /// <summary>
    /// Takes over the sets of a description (RFC 6184 section 8.1, RFC 7798 section 7.1). Those that came with packets stand.
    /// </summary>
    /// <param name="fmtp">The value of <c>a=fmtp</c>.</param>
    public void Declare(ReadOnlySpan<char> fmtp)
    {
        Span<byte> unit = stackalloc byte[MaxSetLength];
        foreach (string parameter in _isH265 ? (ReadOnlySpan<string>)["sprop-vps", "sprop-sps", "sprop-pps"] : ["sprop-parameter-sets"])
        {
            if (!CodecParameters.TryGet(fmtp, parameter, out ReadOnlySpan<char> value))
                continue;
            foreach (Range range in value.Split(','))
            {
                if (Convert.TryFromBase64Chars(value[range], unit, out int length))
                    Declare(unit[..length]);
            }
        }
    }

    private void Declare(ReadOnlySpan<byte> unit)
    {
        foreach (NalUnit read in new NalUnits(codec, unit))
        {
            if (KindOf(read.Type) is { } kind && read is { Starts: true, Ends: true })
                Take(kind, read, new ExtendedSequence(long.MinValue), isSeen: false);
        }
    }

    private void Take(ParameterSetKind kind, in NalUnit unit, ExtendedSequence sequence, bool isSeen)
    {
        if (unit is { Starts: true, Ends: true })
        {
            Keep(kind, unit.Header, unit.Body, sequence, isSeen);
            return;
        }
        if (unit.Starts)
            (_fragments, _fragmentLength) = (_fragments.Length > 0 ? _fragments : new byte[MaxSetLength], 0);
        else if (_fragments.Length == 0 || sequence != _fragmentNext)
            return;
        _fragmentNext = sequence + 1;
        // What does not fit fills the buffer, and with its header it is too long then.
        int kept = Math.Min(unit.Body.Length, _fragments.Length - _fragmentLength);
        unit.Body[..kept].CopyTo(_fragments.AsSpan(_fragmentLength));
        _fragmentLength += kept;
        if (unit.Ends)
            Keep(kind, unit.Header, _fragments.AsSpan(0, _fragmentLength), sequence, isSeen);
    }

    private void Keep(ParameterSetKind kind, ushort header, ReadOnlySpan<byte> body, ExtendedSequence sequence, bool isSeen)
    {
        if (!ParameterSetIds.TryReadSet(_isH265, kind, body, out int id, out int parent))
            return;
        ParameterSet? set = Find(kind, id);
        if (sequence < set?.Since)
            return;
        if (NalUnits.HeaderLengthOf(_isH265) + body.Length > MaxSetLength)
        {
            TooLong++;
            Remove(set);
            return;
        }
        if (set is null)
            _sets.Add(set = new ParameterSet(kind, id));
        set.Since = sequence;
        if (isSeen)
            set.SeenAt = _slices;
        if (set.Is(header, body))
            return;
        _bytes -= set.Size;
        set.Write(_isH265, header, body, parent);
        _bytes += set.Size;
        OnChanged();
        if (_sets.Count > MaxSets || _bytes > MaxBytes)
            Evict(set);
    }

    /// <summary>Forgets the sets that came longest ago until the rest is within the bounds.</summary>
    private void Evict(ParameterSet kept)
    {
        while (_sets.Count > MaxSets || _bytes > MaxBytes)
            Remove(_sets.Where(set => set != kept).MinBy(set => set.Since.Value));
    }

    private void Remove(ParameterSet? set)
    {
        if (set is null)
            return;
        _sets.Remove(set);
        _bytes -= set.Size;
        OnChanged();
    }

    private void OnChanged()
    {
        Version++;
        _current = null;
    }

    /// <summary>Tells whether a slice that begins a picture lacks sets that are known here.</summary>
    private bool IsMissingSets(in NalUnit slice) =>
        ParameterSetIds.TryReadFirstSlice(_isH265, slice.Body, out int picture)
        && Find(ParameterSetKind.Picture, picture) is { } pictureSet
        && IsUsable(pictureSet)
        && !IsSeen(pictureSet);

    /// <summary>Tells whether the set that this one refers to is there, and the one that that refers to.</summary>
    private bool IsUsable(ParameterSet set) =>
        set.Kind == FirstKind || (ParentOf(set) is { } parent && IsUsable(parent));

    /// <summary>Tells whether a set and those that it refers to have come since the last slice.</summary>
    private bool IsSeen(ParameterSet set) =>
        set.SeenAt == _slices && (set.Kind == FirstKind || (ParentOf(set) is { } parent && IsSeen(parent)));

    private ParameterSet? ParentOf(ParameterSet set) => Find(set.Kind - 1, set.Parent);

    private ParameterSetKind FirstKind => _isH265 ? ParameterSetKind.Video : ParameterSetKind.Sequence;

    private ParameterSet? Find(ParameterSetKind kind, int id)
    {
        foreach (ParameterSet set in _sets)
        {
            if (set.Kind == kind && set.Id == id)
                return set;
        }
        return null;
    }

    private ParameterSetKind? KindOf(byte type) => _isH265
        ? (H265NalUnitType)type switch
        {
            H265NalUnitType.VideoParameterSet => ParameterSetKind.Video,
            H265NalUnitType.SequenceParameterSet => ParameterSetKind.Sequence,
            H265NalUnitType.PictureParameterSet => ParameterSetKind.Picture,
            _ => null,
        }
        : (H264NalUnitType)type switch
        {
            H264NalUnitType.SequenceParameterSet => ParameterSetKind.Sequence,
            H264NalUnitType.PictureParameterSet => ParameterSetKind.Picture,
            _ => null,
        };

    private bool IsSlice(byte type) => _isH265
        ? type <= (byte)H265NalUnitType.LastSlice
        : type is >= (byte)H264NalUnitType.NonIdrSlice and <= (byte)H264NalUnitType.IdrSlice;

    private bool IsRandomAccess(byte type) => _isH265
        ? type is >= (byte)H265NalUnitType.BrokenLinkWithLeadingPictures and <= (byte)H265NalUnitType.CleanRandomAccess
        : type == (byte)H264NalUnitType.IdrSlice;

    /// <summary>One set: its bytes lie in a buffer that is used again when it changes.</summary>
    private sealed class ParameterSet(ParameterSetKind kind, int id)
    {
        private byte[] _buffer = [];

        public ParameterSetKind Kind { get; } = kind;

        public int Id { get; } = id;

        /// <summary>Number of the set that it refers to, which is of the kind before.</summary>
        public int Parent { get; private set; }

        public int Length { get; private set; }

        public int Size => _buffer.Length;

        /// <summary>Number of the packet that last brought it; the least for one that was declared.</summary>
        public ExtendedSequence Since { get; set; }

        /// <summary>Number of slices that had come when a packet last brought it.</summary>
        public long SeenAt { get; set; } = -1;

        public ReadOnlySpan<byte> Unit => _buffer.AsSpan(0, Length);

        public bool Is(ushort header, ReadOnlySpan<byte> body) =>
            Length > body.Length && Length - body.Length <= sizeof(ushort) && HeaderOf(Unit[..^body.Length]) == header
            && Unit[^body.Length..].SequenceEqual(body);

        public void Write(bool isH265, ushort header, ReadOnlySpan<byte> body, int parent)
        {
            int headerLength = NalUnits.HeaderLengthOf(isH265);
            Length = headerLength + body.Length;
            if (_buffer.Length < Length)
                _buffer = new byte[Length];
            if (isH265)
                BinaryPrimitives.WriteUInt16BigEndian(_buffer, header);
            else
                _buffer[0] = (byte)header;
            body.CopyTo(_buffer.AsSpan(headerLength));
            Parent = parent;
        }

        private static ushort HeaderOf(ReadOnlySpan<byte> header) =>
            header.Length == 1 ? header[0] : BinaryPrimitives.ReadUInt16BigEndian(header);
    }
}
