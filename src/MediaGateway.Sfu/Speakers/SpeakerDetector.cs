using System.Runtime.InteropServices;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Speakers;

/// <summary>
/// Detector of who speaks in a room, from the audio levels that the packets state, without decoding any. Each audio track has a
/// meter, which the packet path feeds; at <see cref="NextUpdate"/> the windows are closed and what changed is handed
/// out. A speaker is announced within 500 ms of the first word, and as stopped about a second after the last.
/// </summary>
/// <typeparam name="TKey">Names a speaker, who may have several tracks: the loudest counts.</typeparam>
public sealed class SpeakerDetector<TKey>
    where TKey : notnull
{
    public static readonly TimeSpan UpdateInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>Change of a level that is announced, as a ratio: 6 dB.</summary>
    private const float NoticeableRatio = 2;

    /// <summary>Ratio by which a speaker has to be louder than the one before to overtake: 3 dB.</summary>
    private const float OvertakingRatio = 1.41f;

    private readonly Dictionary<TKey, Voice> _voices = [];

    // Those announced as active, loudest first.
    private readonly List<Voice> _ranking = [];
    private readonly List<Speaker<TKey>> _active = [];
    private readonly List<Speaker<TKey>> _changes = [];
    private MonotonicTime _windowStart;

    public SpeakerDetector(MonotonicTime now) => _windowStart = now;

    public MonotonicTime NextUpdate => _windowStart + UpdateInterval;

    /// <summary>The speakers as last announced, loudest first: what a newcomer is told.</summary>
    public IReadOnlyList<Speaker<TKey>> Active => _active;

    /// <summary>Adds a meter for another track of a speaker's.</summary>
    public AudioLevelMeter AddMeter(TKey speaker)
    {
        var meter = new AudioLevelMeter();
        ref Voice? voice = ref CollectionsMarshal.GetValueRefOrAddDefault(_voices, speaker, out _);
        voice ??= new Voice(speaker);
        voice.Meters.Add(meter);
        return meter;
    }

    /// <summary>Removes the meter of a track that has ended; with the last one its speaker has stopped.</summary>
    public void RemoveMeter(TKey speaker, AudioLevelMeter meter)
    {
        if (_voices.TryGetValue(speaker, out Voice? voice) && voice.Meters.Remove(meter) && voice.Meters.Count == 0)
            _voices.Remove(speaker);
    }

    /// <summary>
    /// The changes since the last call: first who stopped, then who began or became noticeably louder or softer, loudest
    /// first. Before <see cref="NextUpdate"/> only who was muted or removed. Borrowed until the next call.
    /// </summary>
    public ReadOnlySpan<Speaker<TKey>> Update(MonotonicTime now)
    {
        _changes.Clear();
        if (now >= NextUpdate)
            CloseWindow(now);
        foreach (Voice voice in _ranking)
        {
            if (!voice.Active)
                Announce(voice, 0);
        }
        _ranking.RemoveAll(static voice => !voice.Active);
        Rank();
        foreach (Voice voice in _ranking)
        {
            if (IsNoticeable(voice))
                Announce(voice, voice.Level);
        }
        if (_changes.Count > 0)
            RefreshActive();
        return CollectionsMarshal.AsSpan(_changes);
    }

    private void CloseWindow(MonotonicTime now)
    {
        TimeSpan window = now - _windowStart;
        _windowStart = now;
        foreach (Voice voice in _voices.Values)
        {
            foreach (AudioLevelMeter meter in voice.Meters)
                meter.Observe(window, now);
            if (voice.Active && voice.Announced == 0)
                _ranking.Add(voice);
        }
    }

    private void Rank()
    {
        for (int i = 1; i < _ranking.Count; i++)
        {
            for (int j = i; j > 0 && _ranking[j].Level > _ranking[j - 1].Level * OvertakingRatio; j--)
                (_ranking[j - 1], _ranking[j]) = (_ranking[j], _ranking[j - 1]);
        }
    }

    private static bool IsNoticeable(Voice voice) =>
        voice.Level >= voice.Announced * NoticeableRatio || voice.Level <= voice.Announced / NoticeableRatio;

    private void Announce(Voice voice, float level)
    {
        voice.Announced = level;
        _changes.Add(new Speaker<TKey>(voice.Key, level, Active: level > 0));
    }

    private void RefreshActive()
    {
        _active.Clear();
        foreach (Voice voice in _ranking)
            _active.Add(new Speaker<TKey>(voice.Key, voice.Announced, Active: true));
    }

    private sealed class Voice(TKey key)
    {
        public TKey Key { get; } = key;

        /// <summary>The meters of the speaker's tracks; usually one.</summary>
        public List<AudioLevelMeter> Meters { get; } = new(1);

        /// <summary>The level as last announced; 0 while not active.</summary>
        public float Announced { get; set; }

        public bool Active => Meters.Exists(static meter => meter.Active);

        public float Level
        {
            get
            {
                float loudest = 0;
                foreach (AudioLevelMeter meter in Meters)
                    loudest = Math.Max(loudest, meter.Level);
                return loudest;
            }
        }
    }
}
