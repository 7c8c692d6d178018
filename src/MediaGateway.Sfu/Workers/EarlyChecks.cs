using System.Text;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Workers;

/// <summary>
/// The last connectivity checks whose peer was unknown. A client may check before its peer is registered, since media takes a shorter
/// way than signaling: its check is then served as soon as the peer is there, and not only when it is repeated (RFC 8445 section 7.3).
/// Nothing in here is trusted: the peer that gets a check authenticates it. Allocates nothing once made.
/// </summary>
internal sealed class EarlyChecks
{
    public const int Capacity = 64;

    /// <summary>Longest check that is kept, bytes. Real ones are half as long.</summary>
    public const int MaxLength = 256;

    /// <summary>Time for which a check is kept. A client has repeated its check by then.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private readonly byte[] _bytes = new byte[Capacity * MaxLength];
    private readonly Entry[] _entries = new Entry[Capacity];
    private int _next;

    /// <param name="datagram">The check.</param>
    /// <param name="usernameFragment">The part of its user name that names our side, a slice of the datagram.</param>
    /// <param name="path">The path that it came along.</param>
    /// <param name="now">The time.</param>
    public void Add(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> usernameFragment, in NetworkPath path, MonotonicTime now)
    {
        if (datagram.Length > MaxLength || !datagram.Overlaps(usernameFragment, out int offset))
            return;
        datagram.CopyTo(Slot(_next));
        _entries[_next] = new Entry(datagram.Length, offset..(offset + usernameFragment.Length), path, now);
        _next = (_next + 1) % Capacity;
    }

    /// <summary>Removes and returns the newest check for a peer that is registered now.</summary>
    /// <param name="usernameFragment">Our username fragment for that peer.</param>
    /// <param name="now">The time.</param>
    /// <param name="datagram">The check, valid until the next call.</param>
    /// <param name="path">The path that it came along.</param>
    public bool TryTake(string usernameFragment, MonotonicTime now, out Span<byte> datagram, out NetworkPath path)
    {
        for (int age = 1; age <= Capacity; age++)
        {
            int slot = (_next + Capacity - age) % Capacity;
            ref Entry entry = ref _entries[slot];
            if (entry.Length == 0 || now - entry.Came > MaxAge || !Ascii.Equals(Slot(slot)[entry.Username], usernameFragment))
                continue;
            datagram = Slot(slot)[..entry.Length];
            path = entry.Path;
            entry = default;
            return true;
        }
        datagram = default;
        path = default;
        return false;
    }

    private Span<byte> Slot(int slot) => _bytes.AsSpan(slot * MaxLength, MaxLength);

    private readonly record struct Entry(int Length, Range Username, NetworkPath Path, MonotonicTime Came);
}
