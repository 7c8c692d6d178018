using System.Diagnostics;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Data;

/// <summary>
/// The last reliable data packets of one sender, as its receivers got them, for those who come back from a lost
/// connection and name the last one they have. Bounded in packets, bytes and age. Ownership: packets are copied in; a
/// packet handed out is borrowed until the next <see cref="TryAdd"/> or <see cref="Expire"/>.
/// <para><b>Invariant: sequence numbers ascend from the oldest packet to the newest.</b></para>
/// </summary>
/// <remarks>The packets lie in a ring of bytes, each in one piece; it grows with need, and an empty history holds none.</remarks>
public sealed class ReliableHistory
{
    public const int MaxPackets = 1024;
    public const int MaxBytes = 1024 * 1024;
    private const int FirstBytes = 16 * 1024;

    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    private StoredPacket[] _packets = [];
    private byte[] _bytes = [];
    private int _oldest;
    private int _end;

    public int Count { get; private set; }

    /// <summary>Highest number that was added, after which a sender that comes back is told to go on; 0 before the first.</summary>
    public uint LastSequence { get; private set; }

    /// <summary>
    /// Takes the sender's next packet. A packet without a number cannot be asked for again and is not kept, nor is an empty
    /// one or one longer than the history.
    /// </summary>
    /// <returns>False when the packet has been taken before and goes no further.</returns>
    public bool TryAdd(uint sequence, ReadOnlySpan<byte> packet, MonotonicTime now)
    {
        if (sequence == 0)
            return true;
        if (sequence <= LastSequence)
            return false;
        LastSequence = sequence;
        Expire(now);
        if (packet.Length is > 0 and <= MaxBytes)
            Store(sequence, packet, now);
        return true;
    }

    /// <summary>Drops packets that are too old to be asked for, and the memory with the last of them.</summary>
    public void Expire(MonotonicTime now)
    {
        while (Count > 0 && now - PacketAt(0).Added > MaxAge)
            RemoveOldest();
        if (Count > 0)
            return;
        _packets = [];
        _bytes = [];
        _end = 0;
    }

    /// <summary>The packets after <paramref name="sequence"/>, oldest first; those that are gone are left out.</summary>
    public ReliableHistoryEnumerator Since(uint sequence, MonotonicTime now)
    {
        Expire(now);
        int index = Count;
        while (index > 0 && PacketAt(index - 1).Sequence > sequence)
            index--;
        return new ReliableHistoryEnumerator(this, index);
    }

    internal ReadOnlySpan<byte> BytesAt(int index)
    {
        ref readonly StoredPacket packet = ref PacketAt(index);
        return _bytes.AsSpan(packet.Offset, packet.Length);
    }

    private void Store(uint sequence, ReadOnlySpan<byte> packet, MonotonicTime now)
    {
        if (Count == MaxPackets)
            RemoveOldest();
        int offset;
        while (!TryFindRoom(packet.Length, out offset))
        {
            if (_bytes.Length < MaxBytes)
                Grow(packet.Length);
            else
                RemoveOldest();
        }
        if (Count == _packets.Length)
            GrowPackets();
        packet.CopyTo(_bytes.AsSpan(offset));
        _end = offset + packet.Length;
        Count++;
        PacketAt(Count - 1) = new StoredPacket(sequence, offset, packet.Length, now);
    }

    /// <summary>
    /// Finds a place for a packet: behind the newest one, or at the start of the ring when the oldest packet is not in the way.
    /// </summary>
    private bool TryFindRoom(int length, out int offset)
    {
        offset = 0;
        if (Count == 0)
            return length <= _bytes.Length;
        int oldest = PacketAt(0).Offset;
        if (_end > oldest && _end + length > _bytes.Length)
            return length <= oldest;
        offset = _end;
        return _end > oldest || _end + length <= oldest;
    }

    private void Grow(int needed)
    {
        byte[] before = _bytes;
        _bytes = new byte[Math.Clamp(Math.Max(before.Length, needed) * 2, FirstBytes, MaxBytes)];
        _end = 0;
        for (int i = 0; i < Count; i++)
        {
            ref StoredPacket packet = ref PacketAt(i);
            before.AsSpan(packet.Offset, packet.Length).CopyTo(_bytes.AsSpan(_end));
            packet = packet with { Offset = _end };
            _end += packet.Length;
        }
    }

    private void GrowPackets()
    {
        var grown = new StoredPacket[Math.Clamp(_packets.Length * 2, 16, MaxPackets)];
        for (int i = 0; i < Count; i++)
            grown[i] = PacketAt(i);
        _packets = grown;
        _oldest = 0;
    }

    private void RemoveOldest()
    {
        Debug.Assert(Count > 0, "room is made only where something lies");
        _oldest = (_oldest + 1) % _packets.Length;
        Count--;
    }

    private ref StoredPacket PacketAt(int index) => ref _packets[(_oldest + index) % _packets.Length];

    private readonly record struct StoredPacket(uint Sequence, int Offset, int Length, MonotonicTime Added);
}
