using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Speakers;

/// <summary>
/// Tells speech from noise in one audio track: how much of each observation window was loud, not how loud its loudest
/// packet was. A key click is loud for too short a time; a pause for breath ends nothing. Packets stand for the time
/// since the packet before, so that a sender that falls silent between words (discontinuous transmission) is silent.
/// </summary>
public sealed class AudioLevelMeter
{
    /// <summary>In -dBov: speech is louder, a fan or a street behind a closed window is not.</summary>
    internal const int LoudDecibels = 35;

    /// <summary>Who speaks already may do so a little more softly.</summary>
    internal const int HeldDecibels = 40;

    private const double LoudShare = 0.4;
    private const double HeldShare = 0.15;

    // Per window: up fast, down slowly.
    private const float Attack = 0.6f;
    private const float Release = 0.3f;

    /// <summary>Three windows: pauses in speech are shorter.</summary>
    private static readonly TimeSpan HoldTime = TimeSpan.FromMilliseconds(900);

    /// <summary>The longest packet of Opus (RFC 6716, section 2.1.4, as RFC 7587 carries it); more is a gap.</summary>
    private static readonly TimeSpan LongestPacket = TimeSpan.FromMilliseconds(120);

    private static readonly TimeSpan FirstPacket = TimeSpan.FromMilliseconds(20);

    private MonotonicTime _lastPacket;
    private MonotonicTime _lastHeld;
    private TimeSpan _loud;
    private TimeSpan _held;
    private double _sum;

    internal AudioLevelMeter()
    {
    }

    public bool Muted { get; private set; }

    internal bool Active { get; private set; }

    /// <summary>Smoothed amplitude, 0 to 1.</summary>
    internal float Level { get; private set; }

    /// <summary>A muted track is silent at once, whatever it still sends.</summary>
    public void SetMuted(bool muted)
    {
        Muted = muted;
        if (!muted)
            return;
        Active = false;
        Level = 0;
        Clear();
    }

    public void OnLevel(AudioLevel level, MonotonicTime now)
    {
        TimeSpan duration = now - _lastPacket;
        _lastPacket = now;
        if (Muted || level.Decibels > HeldDecibels)
            return;
        if (duration > LongestPacket)
            duration = FirstPacket;
        _held += duration;
        _sum += level.Linear * duration.TotalSeconds;
        if (level.Decibels <= LoudDecibels)
            _loud += duration;
    }

    /// <summary>Ends an observation window that lasted <paramref name="window"/>.</summary>
    internal void Observe(TimeSpan window, MonotonicTime now)
    {
        double loud = _loud / window;
        double held = _held / window;
        float level = (float)Math.Min(1, _sum / window.TotalSeconds);
        Clear();
        if (loud >= LoudShare || (Active && held >= HeldShare))
            _lastHeld = now;
        else if (!Active)
            return;
        if (now - _lastHeld >= HoldTime)
        {
            Active = false;
            Level = 0;
            return;
        }
        Level = Active ? Level + ((level - Level) * (level > Level ? Attack : Release)) : level;
        Active = true;
    }

    private void Clear()
    {
        _loud = TimeSpan.Zero;
        _held = TimeSpan.Zero;
        _sum = 0;
    }
}
