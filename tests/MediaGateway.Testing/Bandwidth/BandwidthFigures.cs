using MediaGateway.Testing.Links;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>Figures of what the viewers of one run had of their line.</summary>
public sealed record BandwidthFigures
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>Sound on the wire with its headers, Mb/s.</summary>
    private const double AudioMegabits = 0.058;

    /// <summary>Rate of the viewers together over the capacity.</summary>
    public required double Share { get; init; }

    /// <summary>Jain's index of the viewers' rates; null with one viewer.</summary>
    public double? Fairness { get; init; }

    /// <summary>Time that viewers' packets wait in the bottleneck, ms.</summary>
    public required double QueueP95 { get; init; }

    public required double QueueP99 { get; init; }

    /// <summary>Time from a viewer's first packet to its first picture, s.</summary>
    public required double FirstPicture { get; init; }

    /// <summary>Pictures shown a second, the viewer with the fewest.</summary>
    public required double PicturesPerSecond { get; init; }

    /// <summary>Longest freeze of a viewer, s.</summary>
    public required double LongestFreeze { get; init; }

    /// <summary>Part of the time that the picture of the worst viewer stands.</summary>
    public required double Frozen { get; init; }

    /// <summary>Part of the sound that never comes, the worst viewer's.</summary>
    public required double SoundLost { get; init; }

    /// <summary>Part of the sound that comes late.</summary>
    public required double SoundLate { get; init; }

    /// <summary>Longest time without a packet of sound, ms.</summary>
    public required double SoundGap { get; init; }

    /// <summary>Part of the time in which the best encoding is shown that fits, of that in which one does; the worst viewer's.</summary>
    public required double? Fit { get; init; }

    /// <summary>
    /// Longest time from a change of the line until the best encoding that fits is shown for a second, s; null where none fits.
    /// </summary>
    public required double? Settling { get; init; }

    /// <summary>Changes of encoding a minute, the most.</summary>
    public required double SwitchesPerMinute { get; init; }

    /// <summary>Measures a run that is over.</summary>
    /// <param name="scenario">The run.</param>
    /// <param name="from">Seconds after the start.</param>
    /// <param name="to">Seconds after the start.</param>
    /// <param name="partOf">Part of the capacity that is one viewer's, by the time in seconds.</param>
    /// <param name="changes">Seconds after the start at which a viewer's part changed.</param>
    public static BandwidthFigures Measure(
        BandwidthScenario scenario, double from, double to, Func<double, double> partOf, params double[] changes)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        TimeSpan begin = TimeSpan.FromSeconds(from), end = TimeSpan.FromSeconds(to);
        LinkFlow[] flows = [.. scenario.Viewers.Select(viewer => viewer.Host.DownstreamFlow!)];
        double[] rates = [.. flows.Select(flow => flow.Megabits(begin, end))];
        double[] delays = [.. flows.SelectMany(flow => flow.QueueDelays(begin, end))];
        foreach (ModelViewer viewer in scenario.Viewers)
            viewer.Freezes.OnEnd(scenario.Network.Now);
        return new BandwidthFigures
        {
            Share = rates.Sum() / scenario.Line.Rate.MeanMegabits(begin, end),
            Fairness = rates.Length > 1 ? Figures.Fairness(rates) : null,
            QueueP95 = Figures.Percentile(delays, 0.95),
            QueueP99 = Figures.Percentile(delays, 0.99),
            FirstPicture = scenario.Viewers.Max(FirstPictureOf),
            PicturesPerSecond = scenario.Viewers.Min(viewer => viewer.Decoder.OfLayer.Sum() / SecondsOf(viewer, scenario)),
            LongestFreeze = scenario.Viewers.Max(
                viewer => viewer.FirstPicture is null ? SecondsOf(viewer, scenario) : viewer.Freezes.Longest.TotalSeconds),
            Frozen = scenario.Viewers.Max(
                viewer => viewer.FirstPicture is null ? 1 : viewer.Freezes.Total.TotalSeconds / SecondsOf(viewer, scenario)),
            SoundLost = scenario.Viewers.Max(viewer => PartOf(viewer.Sound.Lost, viewer.Sound)),
            SoundLate = scenario.Viewers.Max(viewer => PartOf(viewer.Sound.Late, viewer.Sound)),
            SoundGap = scenario.Viewers.Max(viewer => viewer.Sound.LongestGap.TotalMilliseconds),
            Fit = scenario.Viewers.Min(viewer => FitOf(scenario, viewer, from, to, partOf)),
            Settling = changes
                .SelectMany(change => scenario.Viewers.Select(viewer => SettlingOf(scenario, viewer, change, to, partOf)))
                .Max(),
            SwitchesPerMinute = scenario.Viewers.Max(viewer => viewer.Decoder.Switches * 60 / SecondsOf(viewer, scenario)),
        };
    }

    /// <summary>The best encoding that fits into so many Mb/s beside the sound; -1 when none does.</summary>
    public static int BestFit(VideoModel video, double megabits)
    {
        ArgumentNullException.ThrowIfNull(video);
        for (int encoding = video.Encodings.Length - 1; encoding >= 0; encoding--)
        {
            if (video.WireMegabits(encoding) + AudioMegabits <= megabits)
                return encoding;
        }
        return -1;
    }

    private static double SecondsOf(ModelViewer viewer, BandwidthScenario scenario) => (scenario.Network.Now - viewer.Start).TotalSeconds;

    private static double FirstPictureOf(ModelViewer viewer) => viewer.FirstPicture is { } picture && viewer.FirstPacket is { } packet
        ? (picture - packet).TotalSeconds : double.PositiveInfinity;

    private static double PartOf(int packets, SoundBook sound) =>
        sound.Received == 0 ? 1 : (double)packets / (sound.Received + sound.Lost);

    /// <summary>True when the best encoding that fits is shown; null when none fits.</summary>
    private static bool? Fits(BandwidthScenario scenario, ModelViewer viewer, double seconds, Func<double, double> partOf)
    {
        double megabits = scenario.Line.Rate.MegabitsAt(TimeSpan.FromSeconds(seconds)) * partOf(seconds);
        int best = BestFit(viewer.Video, megabits);
        return best < 0 ? null : viewer.LayerAt(scenario.Start + TimeSpan.FromSeconds(seconds)) == best;
    }

    private static double? FitOf(BandwidthScenario scenario, ModelViewer viewer, double from, double to, Func<double, double> partOf)
    {
        double begin = Math.Max(from, (viewer.Start - scenario.Start).TotalSeconds);
        bool[] steps = [.. Enumerable.Range(0, (int)((to - begin) / Step.TotalSeconds))
            .Select(step => Fits(scenario, viewer, begin + step * Step.TotalSeconds, partOf)).OfType<bool>()];
        return steps.Length == 0 ? null : steps.Count(fits => fits) / (double)steps.Length;
    }

    private static double? SettlingOf(BandwidthScenario scenario, ModelViewer viewer, double change, double to, Func<double, double> partOf)
    {
        const int Lasting = 10;
        int run = 0;
        for (int step = 0; change + step * Step.TotalSeconds < to; step++)
        {
            if (Fits(scenario, viewer, change + step * Step.TotalSeconds, partOf) is not { } fits)
                return null;
            run = fits ? run + 1 : 0;
            if (run == Lasting)
                return (step - Lasting + 1) * Step.TotalSeconds;
        }
        return double.PositiveInfinity;
    }
}
