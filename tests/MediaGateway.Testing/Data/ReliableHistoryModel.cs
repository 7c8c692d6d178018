using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Data;

namespace MediaGateway.Testing.Data;

/// <summary>
/// Plays a script of operations on a <see cref="ReliableHistory"/> and on a plain list of packets, and throws where
/// what is handed out for a resume is not the newest part of the list, whole and in order, or is less than the bounds
/// allow.
/// </summary>
/// <remarks>An operation is four bytes: kind, a step of the sequence number, and a length or a time as two bytes.</remarks>
public sealed class ReliableHistoryModel
{
    public const int OperationLength = 4;

    /// <summary>Packets lie in one piece: the end of the ring and the gap before the oldest may stay empty.</summary>
    private const int LongestPacket = 8 * 1024;

    private readonly List<(uint Sequence, byte[] Packet, MonotonicTime Added)> _added = [];
    private readonly ReliableHistory _history = new();
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(1);
    private uint _last;

    private ReliableHistoryModel()
    {
    }

    /// <exception cref="InvalidOperationException">The history does not do what the list does.</exception>
    public static void Play(ReadOnlySpan<byte> script)
    {
        ReliableHistoryModel model = new();
        for (; script.Length >= OperationLength; script = script[OperationLength..])
            model.Apply(script[0], script[1], (script[2] << 8) | script[3]);
    }

    private void Apply(byte kind, byte step, int amount)
    {
        switch (kind % 8)
        {
            case 0:
                _now += TimeSpan.FromMilliseconds(amount);
                break;
            case 1:
                Add(_last - Math.Min(_last, step), amount);
                break;
            case 2:
                CheckSince(_last - Math.Min(_last, (uint)amount % 2048));
                break;
            default:
                Add(_last + step, amount);
                break;
        }
    }

    private void Add(uint sequence, int amount)
    {
        byte[] packet = new byte[amount % LongestPacket];
        packet.AsSpan().Fill((byte)(sequence * 31 + 7));
        bool isNew = sequence > _last;
        Holds(_history.TryAdd(sequence, packet, _now) == (isNew || sequence == 0), "a packet is taken once");
        if (!isNew)
            return;
        _last = sequence;
        if (packet.Length > 0)
            _added.Add((sequence, packet, _now));
        Holds(_history.LastSequence == sequence, "the last number is known");
    }

    private void CheckSince(uint sequence)
    {
        List<byte[]> replayed = [];
        foreach (ReadOnlySpan<byte> packet in _history.Since(sequence, _now))
            replayed.Add(packet.ToArray());
        byte[][] expected = [.. _added.Where(added => added.Sequence > sequence).Select(added => added.Packet).TakeLast(replayed.Count)];
        Holds(replayed.Count >= OwedSince(sequence), "nothing within the bounds is forgotten");
        Holds(replayed.Zip(expected).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), "what is replayed is what was added");
        Holds(replayed.Count <= ReliableHistory.MaxPackets, "the number of packets is bounded");
        Holds(replayed.Sum(packet => packet.Length) <= ReliableHistory.MaxBytes, "the bytes are bounded");
    }

    /// <summary>Counts the packets that are young enough, with few enough packets and bytes after them.</summary>
    private int OwedSince(uint sequence)
    {
        long bytes = 0;
        int owed = 0;
        for (int i = _added.Count - 1; i >= 0 && owed < ReliableHistory.MaxPackets; i--, owed++)
        {
            bytes += _added[i].Packet.Length;
            bool isInBounds = _now - _added[i].Added <= ReliableHistory.MaxAge && bytes <= ReliableHistory.MaxBytes - (2 * LongestPacket);
            if (_added[i].Sequence <= sequence || !isInBounds)
                break;
        }
        return owed;
    }

    private static void Holds(bool condition, string property)
    {
        if (!condition)
            throw new InvalidOperationException($"violated: {property}");
    }
}
