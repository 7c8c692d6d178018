using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>
/// A decoder that knows what pictures need: one can be decoded when all its packets are there and those that it depends on were
/// decoded, and is shown when none that was made later has been shown. A key frame of another encoding is a switch.
/// </summary>
public sealed class PictureDecoder
{
    /// <summary>Age at which a picture that is not whole is given up.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(3);

    private readonly Dictionary<(int Encoding, int Number), Parts> _pending = [];
    private readonly HashSet<int> _decoded = [];
    private MonotonicTime _shown;

    /// <summary>Runs at each picture that is shown.</summary>
    public Action<TestFrame>? Shown { get; init; }

    /// <summary>Encoding of what was decoded last; -1 before the first key frame.</summary>
    public int Encoding { get; private set; } = -1;

    public int Switches { get; private set; }

    public int Decoded { get; private set; }

    /// <summary>Pictures shown of each temporal layer.</summary>
    public int[] OfLayer { get; } = new int[3];

    public void OnPacket(int encoding, TestFrame frame, int packet)
    {
        if (frame.SentAt < _shown - MaxAge || (encoding == Encoding && _decoded.Contains(frame.Number)))
            return;
        (int, int) key = (encoding, frame.Number);
        if (!_pending.TryGetValue(key, out Parts? parts))
            _pending.Add(key, parts = new Parts(encoding, frame));
        if (parts.Packets.Add(packet) && parts.IsWhole)
            DecodeAll();
    }

    private void DecodeAll()
    {
        while (_pending.Values.Where(CanDecode).MinBy(parts => parts.Frame.SentAt) is { } next)
            Decode(next);
        foreach (Parts old in _pending.Values.Where(parts => parts.Frame.SentAt < _shown - MaxAge).ToArray())
            _pending.Remove((old.Encoding, old.Frame.Number));
    }

    /// <summary>
    /// A key frame may be of the very moment that another encoding's picture was shown of: it is not shown, and what follows needs it.
    /// </summary>
    private bool CanDecode(Parts parts) => parts.IsWhole
        && (parts.Frame.IsKey ? parts.Frame.SentAt > _shown || (parts.Frame.SentAt == _shown && parts.Encoding != Encoding)
            : parts.Encoding == Encoding && parts.Frame.References.All(_decoded.Contains));

    private void Decode(Parts parts)
    {
        TestFrame frame = parts.Frame;
        _pending.Remove((parts.Encoding, frame.Number));
        if (frame.IsKey)
        {
            Switches += Encoding >= 0 && Encoding != parts.Encoding ? 1 : 0;
            Encoding = parts.Encoding;
            _decoded.Clear();
        }
        _decoded.Add(frame.Number);
        Decoded++;
        if (frame.SentAt <= _shown)
            return;
        _shown = frame.SentAt;
        OfLayer[frame.Temporal]++;
        Shown?.Invoke(frame);
    }

    private sealed record Parts(int Encoding, TestFrame Frame)
    {
        public HashSet<int> Packets { get; } = [];

        public bool IsWhole => Packets.Count == Frame.Packets;
    }
}
