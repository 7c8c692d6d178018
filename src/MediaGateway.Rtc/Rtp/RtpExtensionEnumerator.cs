namespace MediaGateway.Rtc.Rtp;

/// <summary>
/// Walks the elements of a header extension block, in the one-byte or the two-byte form (RFC 8285 sections 4.2 and
/// 4.3). An unknown profile has no elements; a truncated element ends the walk and leaves those before it valid.
/// </summary>
public ref struct RtpExtensionEnumerator
{
    private const ushort OneByteProfile = 0xBEDE;
    private const ushort TwoByteProfile = 0x1000;
    private const ushort TwoByteProfileMask = 0xFFF0;
    private const byte StopId = 15;

    private readonly bool _twoByte;
    private ReadOnlySpan<byte> _rest;

    /// <param name="profile">The 16 bits "defined by profile" of the block.</param>
    /// <param name="elements">The block without its 4-byte header.</param>
    public RtpExtensionEnumerator(ushort profile, ReadOnlySpan<byte> elements)
    {
        _twoByte = (profile & TwoByteProfileMask) == TwoByteProfile;
        _rest = _twoByte || profile == OneByteProfile ? elements : default;
    }

    public RtpExtension Current { get; private set; }

    public readonly RtpExtensionEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        // A zero byte is padding in both forms (sections 4.2 and 4.3).
        int padding = _rest.IndexOfAnyExcept((byte)0);
        if (padding < 0)
            return false;
        _rest = _rest[padding..];
        return _twoByte ? MoveNextTwoByte() : MoveNextOneByte();
    }

    private bool MoveNextOneByte()
    {
        byte id = (byte)(_rest[0] >> 4);
        int length = (_rest[0] & 0x0F) + 1;
        // Section 4.2: identifier 15 ends the processing of the block, and so does 0 with a length.
        return id is not 0 and not StopId && Take(id, headerLength: 1, length);
    }

    private bool MoveNextTwoByte() => _rest.Length >= 2 && Take(_rest[0], headerLength: 2, _rest[1]);

    private bool Take(byte id, int headerLength, int length)
    {
        if (_rest.Length < headerLength + length)
            return false;
        Current = new RtpExtension(id, _rest.Slice(headerLength, length));
        _rest = _rest[(headerLength + length)..];
        return true;
    }
}
