using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Speakers;

namespace MediaGateway.Sfu.Tests.Speakers;

/// <summary>Tracks that send a packet every 20 ms, or not, in virtual time; what the detector announces is written down.</summary>
internal sealed class SimulatedTalk
{
    public const int Silence = 127;

    private const int PacketTime = 20;

    private readonly List<(AudioLevelMeter Meter, Func<int, int?> LevelAt, int Interval)> _tracks = [];
    private int _elapsed;

    public SpeakerDetector<string> Detector { get; } = new(Start);

    public List<(int At, Speaker<string> Speaker)> Announced { get; } = [];

    private static MonotonicTime Start => MonotonicTime.FromMilliseconds(1_000_000);

    private MonotonicTime Now => Start + TimeSpan.FromMilliseconds(_elapsed);

    /// <param name="speaker">Who.</param>
    /// <param name="levelAt">Level in -dBov at a time in milliseconds; null for no packet.</param>
    /// <param name="interval">Milliseconds of audio in a packet.</param>
    public AudioLevelMeter Add(string speaker, Func<int, int?> levelAt, int interval = PacketTime)
    {
        AudioLevelMeter meter = Detector.AddMeter(speaker);
        _tracks.Add((meter, levelAt, interval));
        return meter;
    }

    public void Run(int milliseconds)
    {
        for (int end = _elapsed + milliseconds; _elapsed < end;)
        {
            _elapsed += PacketTime;
            foreach ((AudioLevelMeter meter, Func<int, int?> levelAt, int interval) in _tracks)
            {
                if (_elapsed % interval == 0 && levelAt(_elapsed) is { } level)
                    meter.OnLevel(new AudioLevel((byte)level), Now);
            }
            if (Now >= Detector.NextUpdate)
                Update();
        }
    }

    public void Update()
    {
        foreach (Speaker<string> change in Detector.Update(Now))
            Announced.Add((_elapsed, change));
    }

    /// <summary>Times at which the speaker became active and stopped, alternating.</summary>
    public List<int> TurnsOf(string speaker)
    {
        List<int> turns = [];
        foreach ((int at, Speaker<string> change) in Announced)
        {
            if (change.Key == speaker && change.Active == (turns.Count % 2 == 0))
                turns.Add(at);
        }
        return turns;
    }
}
