using MediaGateway.LoadTester.Media;

namespace MediaGateway.LoadTester.Measuring;

/// <summary>
/// What one receiver got of one source, packet by packet: each number once, in order, every byte as it was sent. What is missing at
/// the end was lost, whatever for.
/// </summary>
internal sealed class Reception
{
    private const int WindowBits = 4096;

    private readonly ulong[] _window = new ulong[WindowBits / 64];
    private long _first = -1;
    private long _highest = -1;

    public long Received { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Packets that came after one with a higher number.</summary>
    public long Reordered { get; private set; }

    /// <summary>Packets whose bytes were not those that were sent.</summary>
    public long Damaged { get; private set; }

    /// <summary>Numbers between the first and the highest that have not come.</summary>
    public long Missing => _first < 0 ? 0 : _highest - _first + 1 - Received;

    /// <summary>Whether anything came.</summary>
    public bool HasBegun => _first >= 0;

    /// <returns>Whether it is new.</returns>
    public bool OnPacket(in ProbeHeader header, bool isIntact)
    {
        long number = header.Number;
        if (_first < 0)
            _first = _highest = number - 1;
        if (_first == _highest && Received == 0)
            _first = number;
        if (!isIntact)
            Damaged++;
        if (number < _first || number <= _highest - WindowBits)
            return false;
        for (long fresh = _highest + 1; fresh <= number; fresh++)
            _window[Word(fresh)] &= ~Bit(fresh);
        if ((_window[Word(number)] & Bit(number)) != 0)
        {
            Duplicates++;
            return false;
        }
        _window[Word(number)] |= Bit(number);
        if (number < _highest)
            Reordered++;
        else
            _highest = number;
        Received++;
        return true;
    }

    private static int Word(long number) => (int)(number % WindowBits / 64);

    private static ulong Bit(long number) => 1UL << (int)(number % 64);
}
