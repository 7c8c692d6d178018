using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// The last packets of one encoding, as the publisher sent them, for retransmission to any subscriber: one copy per
/// publication, whatever the number of subscribers. Ownership: the history owns its memory; a packet handed out is
/// borrowed until the next <see cref="Store"/>.
/// </summary>
public sealed class PacketHistory
{
    /// <summary>About a second of video at 10 Mb/s.</summary>
    public const int Capacity = 1024;

    // Grown in pages, so that a thin stream does not hold the memory of a thick one.
    private const int PacketsPerPage = 64;

    private readonly byte[]?[] _pages = new byte[Capacity / PacketsPerPage][];
    private readonly ExtendedSequence[] _sequences = new ExtendedSequence[Capacity];
    private readonly ushort[] _lengths = new ushort[Capacity];

    public void Store(ExtendedSequence sequence, ReadOnlySpan<byte> packet)
    {
        if (packet.Length > IDatagramSender.MaxDatagram)
            return;
        int slot = Slot(sequence);
        if (_lengths[slot] != 0 && sequence < _sequences[slot])
            return;
        packet.CopyTo(Memory(slot));
        _sequences[slot] = sequence;
        _lengths[slot] = (ushort)packet.Length;
    }

    public bool TryGet(ExtendedSequence sequence, out ReadOnlySpan<byte> packet)
    {
        int slot = Slot(sequence);
        if (_lengths[slot] == 0 || _sequences[slot] != sequence)
        {
            packet = default;
            return false;
        }
        packet = Memory(slot)[.._lengths[slot]];
        return true;
    }

    private static int Slot(ExtendedSequence sequence) => (int)(sequence.Value & (Capacity - 1));

    private Span<byte> Memory(int slot)
    {
        byte[] page = _pages[slot / PacketsPerPage] ??= new byte[PacketsPerPage * IDatagramSender.MaxDatagram];
        return page.AsSpan(slot % PacketsPerPage * IDatagramSender.MaxDatagram, IDatagramSender.MaxDatagram);
    }
}
