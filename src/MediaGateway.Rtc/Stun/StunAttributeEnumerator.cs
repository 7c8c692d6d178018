using System.Buffers.Binary;

namespace MediaGateway.Rtc.Stun;

/// <summary>Walks attributes whose bounds <see cref="StunMessageView.TryParse"/> has checked.</summary>
internal ref struct StunAttributeEnumerator(ReadOnlySpan<byte> attributes)
{
    private ReadOnlySpan<byte> _rest = attributes;

    public StunAttribute Current { get; private set; }

    public readonly StunAttributeEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        Current = new StunAttribute((StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(_rest), _rest.Slice(4, length));
        _rest = _rest[(4 + StunMessageView.Padded(length))..];
        return true;
    }
}
