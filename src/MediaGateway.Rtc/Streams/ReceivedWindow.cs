using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Streams;

/// <summary>
/// Which of the last <see cref="Size"/> packets were received, on the primary SSRC or by retransmission: each is
/// passed on once. (SRTP's replay window can't tell: a retransmission has another SSRC.)
/// </summary>
public sealed class ReceivedWindow
{
    public const int Size = 2048;

    private readonly ulong[] _bits = new ulong[Size / 64];
    private ExtendedSequence _highest;
    private bool _started;

    /// <summary>False when it was there already, or is older than the window.</summary>
    public bool TryAdd(ExtendedSequence sequence)
    {
        if (!_started)
        {
            _started = true;
            _highest = sequence;
        }
        else if (sequence > _highest)
        {
            if (sequence - _highest >= Size)
                Array.Clear(_bits);
            else
                for (ExtendedSequence skipped = _highest + 1; skipped < sequence; skipped += 1)
                    Word(skipped) &= ~Bit(skipped);
            _highest = sequence;
            Word(sequence) |= Bit(sequence);
            return true;
        }
        else if (sequence <= _highest - Size || (Word(sequence) & Bit(sequence)) != 0)
        {
            return false;
        }
        Word(sequence) |= Bit(sequence);
        return true;
    }

    private static ulong Bit(ExtendedSequence sequence) => 1UL << (int)(sequence.Value & 63);

    private ref ulong Word(ExtendedSequence sequence) => ref _bits[(sequence.Value & (Size - 1)) >> 6];
}
