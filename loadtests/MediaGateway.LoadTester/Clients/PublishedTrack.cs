using MediaGateway.LoadTester.Media;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Clients;

/// <summary>A track of a publisher.</summary>
/// <param name="Number">Its number in the run.</param>
/// <param name="Settings">What it sends.</param>
internal sealed record PublishedTrack(int Number, TrackSettings Settings)
{
    /// <summary>Browsers send three.</summary>
    private const int MaxEncodings = 4;

    /// <summary>The number that packets of one encoding carry; encodings count from the lowest.</summary>
    public int SourceOf(int encoding) => (Number * MaxEncodings) + encoding;

    /// <summary>
    /// Returns when the track's first frame is due. No two tracks send in the same instant: each has its own offset between two frames, the
    /// same against every server, and however many there are, they are spread evenly (by the golden ratio).
    /// </summary>
    public MonotonicTime FirstFrame(MonotonicTime now)
    {
        const double GoldenRatio = 0.618_033_988_749_895;
        TimeSpan place = Settings.FrameInterval * (Number * GoldenRatio % 1);
        return (now - place).RoundUp(Settings.FrameInterval) + place;
    }

    public static int NumberOf(int source) => source / MaxEncodings;
}
