namespace MediaGateway.Sfu.Allocation;

/// <summary>Rates that a line has for video.</summary>
/// <param name="Staying">Rate within which videos may keep the steps that they are at, bits per second.</param>
/// <param name="Rising">Rate within which they may be raised: less, so that a step that is taken also holds.</param>
/// <param name="MayPause">Whether a video may be left out altogether; else each keeps its lowest step, whatever it costs.</param>
internal readonly record struct LineBudget(long Staying, long Rising, bool MayPause);
