using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Media;

/// <summary>A source's last packets, as they were before encryption: what the server asks for again is sent again.</summary>
internal sealed class SentPackets
{
    private const int Capacity = 512;
    private const int SlotSize = 1500;

    private readonly byte[] _bytes = new byte[Capacity * SlotSize];
    private readonly (ExtendedSequence Index, int Length, int HeaderLength)[] _packets = new (ExtendedSequence, int, int)[Capacity];

    public void Add(ExtendedSequence index, ReadOnlySpan<byte> packet, int headerLength)
    {
        int slot = (int)(index.Value % Capacity);
        packet.CopyTo(_bytes.AsSpan(slot * SlotSize));
        _packets[slot] = (index, packet.Length, headerLength);
    }

    public bool TryGet(SequenceNumber number, out ExtendedSequence index, out ReadOnlySpan<byte> packet, out int headerLength)
    {
        int slot = number.Value % Capacity;
        (index, int length, headerLength) = _packets[slot];
        packet = _bytes.AsSpan(slot * SlotSize, length);
        return length > 0 && index.Wire == number;
    }
}
