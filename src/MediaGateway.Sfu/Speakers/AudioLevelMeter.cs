using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Speakers;

/// <summary>
/// Tells speech from noise in one audio track: how much of each observation window was loud, not how loud its loudest
/// packet was. A key click is loud for too short a time; a pause for breath ends nothing. Packets stand for the time
/// since the packet before, so that a sender that falls silent between words (discontinuous transmission) is silent.
/// </summary>
public sealed class AudioLevelMeter : IPublicationTap
{
    /// <summary>
    /// Level from which on a packet is loud, in -dBov: speech is louder, a fan or a street behind a closed window is not.
    /// </summary>
    internal const int LoudDecibels = 35;

    /// <summary>The same for somebody who speaks already and may do so a little more softly.</summary>
    internal const int HeldDecibels = 40;

    private const double LoudShare = 0.4;
    private const double HeldShare = 0.15;

    // Per window: up fast, down slowly.
    private const float Attack = 0.6f;
    private const float Release = 0.3f;

    /// <summary>Time for which a speaker stays active without a loud window: three windows, as pauses in speech are shorter.</summary>
    private static readonly TimeSpan HoldTime = TimeSpan.FromMilliseconds(900);

    /// <summary>Duration of the longest packet of Opus (RFC 6716, section 2.1.4, as RFC 7587 carries it); more is a gap.</summary>
    private static readonly TimeSpan LongestPacket = TimeSpan.FromMilliseconds(120);

    private static readonly TimeSpan FirstPacket = TimeSpan.FromMilliseconds(20);

    private Publication? _publication;

    /// <summary>The number under which the publication's packets carry their level; 0 for none.</summary>
    private byte _extension;
    private MonotonicTime _lastPacket;
    private MonotonicTime _lastHeld;
    private TimeSpan _loud;
    private TimeSpan _held;
    private double _sum;

    internal AudioLevelMeter()
    {
    }

    public bool Muted { get; private set; }

    bool IPublicationTap.CarriesToSubscribers => false;

    internal bool Active { get; private set; }

    /// <summary>Smoothed amplitude, 0 to 1.</summary>
    internal float Level { get; private set; }

    /// <summary>Mutes the track, or ends that. A muted track is silent at once, whatever it still sends.</summary>
    public void SetMuted(bool muted)
    {
        Muted = muted;
        if (!muted)
            return;
        Active = false;
        Level = 0;
        Clear();
    }

    /// <summary>Reads the levels of a publication's packets from now on, and of no other's. Null ends it.</summary>
    internal void ListenTo(Publication? publication)
    {
        if (publication == _publication)
            return;
        _publication?.Remove(this);
        _publication = publication;
        _extension = publication?.Extensions.IdOf(HeaderExtensionKind.AudioLevel) ?? 0;
        publication?.Add(this);
    }

    void IPublicationTap.OnPacket(PublishedEncoding encoding, in MediaPacket packet, MonotonicTime now)
    {
        if (_publication is { IsMuted: false }
            && packet.View.TryGetExtension(_extension, out ReadOnlySpan<byte> extension)
            && AudioLevel.TryParse(extension, out AudioLevel level))
        {
            OnLevel(level, now);
        }
    }

    /// <summary>Notes the level of a packet that came now.</summary>
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
