using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sessions;

/// <summary>
/// The transport-wide numbers that the last packets of a stream were first sent with. A packet that is sent again without RTX has to be the
/// same bytes: another number in its header would be a second header under one SRTP index, which gives the authentication key of AES-GCM
/// away (RFC 7714 section 8.4).
/// </summary>
internal sealed class FirstNumbers
{
    /// <summary>More than a second of sound.</summary>
    private const int Capacity = 64;

    private readonly Entry[] _entries = new Entry[Capacity];

    public void Add(ExtendedSequence sequence, ushort number) => _entries[sequence.Value & (Capacity - 1)] = new Entry(sequence, number);

    public bool TryGet(ExtendedSequence sequence, out ushort number)
    {
        Entry entry = _entries[sequence.Value & (Capacity - 1)];
        number = entry.Number;
        return entry.IsUsed && entry.Sequence == sequence;
    }

    private readonly struct Entry(ExtendedSequence sequence, ushort number)
    {
        public readonly ExtendedSequence Sequence = sequence;
        public readonly ushort Number = number;
        public readonly bool IsUsed = true;
    }
}
