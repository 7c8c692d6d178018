using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Quality;

/// <summary>What became of one stream's packets since the last sample.</summary>
/// <param name="Kind">Audio and video bear loss differently.</param>
/// <param name="Expected">Packets that should have arrived.</param>
/// <param name="Lost">Of these, those that did not; negative, with duplicates, counts as none.</param>
/// <param name="Jitter">Interarrival jitter (RFC 3550, section 6.4.1).</param>
public readonly record struct StreamSample(MediaKind Kind, long Expected, long Lost, TimeSpan Jitter);
