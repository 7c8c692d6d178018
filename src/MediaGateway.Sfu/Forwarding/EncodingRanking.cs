using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// The simulcast encodings of a publication from the lowest to the highest, and which of them are sent now. Browsers
/// stop encodings for want of bandwidth or of viewers, and come back to them.
/// </summary>
internal sealed class EncodingRanking
{
    /// <summary>Time after which an encoding that sends nothing, while others go on, counts as silent.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Number of frames of each other encoding that it has to miss too, since a still screen is shared at less than one frame a second.
    /// </summary>
    private const int MissedPictures = 3;

    /// <summary>
    /// Factor by which an encoding's rate must exceed the next one's to pass it, so that two of like rate do not take turns.
    /// </summary>
    private const double Hysteresis = 1.2;

    private readonly List<Entry> _entries = [];
    private ImmutableArray<Rid> _order = [];

    /// <summary>Number of encodings that have been seen.</summary>
    public int Count => _entries.Count;

    /// <summary>Version of the order; it grows with every change.</summary>
    public int Version { get; private set; }

    /// <summary>The names of the encodings that have one, from the lowest to the highest.</summary>
    public ImmutableArray<Rid> Rids => [.. _entries.Select(entry => entry.Encoding.Stream.Rid).OfType<Rid>()];

    /// <summary>The highest encoding that is sent now; null before the first packet.</summary>
    public PublishedEncoding? Best => Select(int.MaxValue);

    /// <summary>Ranks encodings by name, from the lowest to the highest; those not named are above these, by their rate.</summary>
    public void SetOrder(ImmutableArray<Rid> lowToHigh)
    {
        _order = lowToHigh;
        Sort();
    }

    public void Add(PublishedEncoding encoding)
    {
        _entries.Insert(0, new Entry(encoding));
        Version++;
        Sort();
    }

    /// <summary>The sender began anew: the encoding goes on as another.</summary>
    public void Replace(PublishedEncoding before, PublishedEncoding after)
    {
        int rank = RankOf(before);
        _entries[rank] = new Entry(after);
    }

    /// <summary>Notes a media packet. True when that brings back an encoding that was silent.</summary>
    public bool OnMedia(PublishedEncoding encoding, RtpTimestamp timestamp)
    {
        Entry entry = _entries[RankOf(encoding)];
        bool startsPicture = timestamp != entry.Timestamp;
        bool revived = entry.IsSilent;
        entry.Timestamp = timestamp;
        entry.Missed = 0;
        entry.IsSilent = false;
        foreach (Entry other in _entries)
            other.Missed += startsPicture && other != entry ? 1 : 0;
        return revived;
    }

    /// <summary>
    /// Finds the encodings that have fallen silent, and ranks by the rates as they are now. True when something changed.
    /// </summary>
    public bool Refresh(MonotonicTime now)
    {
        bool changed = false;
        foreach (Entry entry in _entries)
        {
            if (entry.IsSilent || entry.Missed < MissedPictures * (Count - 1) || now - entry.Encoding.LastMedia < Silence)
                continue;
            entry.IsSilent = true;
            changed = true;
        }
        return Sort() || changed;
    }

    /// <summary>The encoding's rank from 0, the lowest; -1 when it is not, or no longer, one of the publication's.</summary>
    public int RankOf(PublishedEncoding encoding)
    {
        for (int rank = 0; rank < _entries.Count; rank++)
        {
            if (_entries[rank].Encoding == encoding)
                return rank;
        }
        return -1;
    }

    /// <summary>The encoding of a rank when it is sent now; null when it is not.</summary>
    public PublishedEncoding? SentAt(int rank) => _entries[rank].IsSilent ? null : _entries[rank].Encoding;

    /// <summary>The highest encoding that is sent, up to a rank; if there is none, the lowest above it.</summary>
    public PublishedEncoding? Select(int maxRank)
    {
        int found = -1;
        for (int rank = 0; rank < _entries.Count; rank++)
        {
            if (!_entries[rank].IsSilent && (rank <= maxRank || found < 0))
                found = rank;
        }
        // Those that fell silent did so while another went on: there is one.
        return found >= 0 ? _entries[found].Encoding : null;
    }

    /// <summary>Sorts the entries: a handful at most, and nearly sorted. True when the order changed.</summary>
    private bool Sort()
    {
        bool changed = false;
        for (int end = _entries.Count - 1; end > 0; end--)
        {
            for (int i = 0; i < end; i++)
            {
                if (!IsAbove(_entries[i].Encoding, _entries[i + 1].Encoding))
                    continue;
                (_entries[i], _entries[i + 1]) = (_entries[i + 1], _entries[i]);
                changed = true;
            }
        }
        Version += changed ? 1 : 0;
        return changed;
    }

    private bool IsAbove(PublishedEncoding encoding, PublishedEncoding other)
    {
        int position = PositionOf(encoding), otherPosition = PositionOf(other);
        return position == otherPosition
            ? encoding.Rate.BitsPerSecond > other.Rate.BitsPerSecond * Hysteresis
            : position > otherPosition;
    }

    private int PositionOf(PublishedEncoding encoding)
    {
        int position = encoding.Stream.Rid is { } rid ? _order.IndexOf(rid) : -1;
        return position < 0 ? int.MaxValue : position;
    }

    private sealed class Entry(PublishedEncoding encoding)
    {
        public PublishedEncoding Encoding { get; } = encoding;

        public bool IsSilent { get; set; }

        /// <summary>Timestamp of its newest packet; null before the first.</summary>
        public RtpTimestamp? Timestamp { get; set; }

        /// <summary>Number of pictures that other encodings began since its last packet.</summary>
        public int Missed { get; set; }
    }
}
