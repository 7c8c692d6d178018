using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Media;

namespace MediaGateway.LoadTester.Measuring;

/// <summary>
/// Check of one stream at one receiver, packet by packet: each number of the stream once, in order, every byte as it was sent, and
/// behind each number the next packet of the same encoding, or a key frame of another. What is missing at the end was lost,
/// whatever for.
/// </summary>
internal sealed class Reception
{
    private const int WindowBits = 4096;

    private readonly ulong[] _window = new ulong[WindowBits / 64];
    private long _first = -1;
    private long _highest = -1;
    private long _skipped;
    private ProbeHeader _newest;
    private StreamPosition _position;

    /// <summary>The number of the run's source that is received as this stream.</summary>
    public int Track => PublishedTrack.NumberOf(_newest.Source);

    public long Received { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Packets that came after one with a higher number.</summary>
    public long Reordered { get; private set; }

    /// <summary>
    /// Packets whose bytes were not those that were sent, of another track, of another encoding without a key frame, or of an
    /// earlier time than those before them.
    /// </summary>
    public long Damaged { get; private set; }

    /// <summary>Changes from one encoding to another.</summary>
    public long LayerChanges { get; private set; }

    /// <summary>
    /// Numbers between the first and the highest that have not come, and packets of an encoding that were left out without a gap
    /// in the numbers.
    /// </summary>
    public long Missing => Lost + _skipped;

    /// <summary>Packets lost, by sequence numbers alone: what a server leaves out takes none.</summary>
    public long Lost => _first < 0 ? 0 : _highest - _first + 1 - Received;

    /// <summary>True once a decoder has had something to begin with.</summary>
    public bool IsPlayable { get; set; }

    /// <returns>Whether it is new.</returns>
    public bool OnPacket(in ProbeHeader header, in StreamPosition position, bool isIntact)
    {
        if (!isIntact)
            Damaged++;
        long before = _highest;
        if (!Note(position.Sequence))
            return false;
        if (position.Sequence < _highest)
            return true;
        if (before >= 0)
            Follow(header, position);
        _newest = header;
        _position = position;
        return true;
    }

    private bool Note(long number)
    {
        if (_first < 0)
        {
            _first = number;
            _highest = number - 1;
        }
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

    /// <summary>Holds the newest packet against the one that was the newest before.</summary>
    private void Follow(in ProbeHeader header, in StreamPosition position)
    {
        long step = position.Sequence - _position.Sequence;
        int time = (int)(position.Timestamp.Value - _position.Timestamp.Value);
        if (header.Source == _newest.Source)
        {
            long skipped = header.Number - _newest.Number - step;
            _skipped += Math.Max(skipped, 0);
            Duplicates += Math.Max(-skipped, 0);
            if (time < 0)
                Damaged++;
            return;
        }
        LayerChanges++;
        // Where a packet before this one is missing, the key frame may have begun with it.
        bool isPlayable = position.StartsKeyFrame || step > 1;
        if (PublishedTrack.NumberOf(header.Source) != PublishedTrack.NumberOf(_newest.Source) || !isPlayable || time <= 0)
            Damaged++;
    }

    private static int Word(long number) => (int)(number % WindowBits / 64);

    private static ulong Bit(long number) => 1UL << (int)(number % 64);
}
