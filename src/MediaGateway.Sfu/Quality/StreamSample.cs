using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Quality;

/// <summary>Fate of one stream's packets since the last sample.</summary>
/// <param name="Kind">The kind of media: audio and video bear loss differently.</param>
/// <param name="Expected">Number of packets that should have arrived.</param>
/// <param name="Lost">Number of these that did not arrive; a negative number, which duplicates make, counts as none.</param>
/// <param name="Jitter">Interarrival jitter (RFC 3550, section 6.4.1).</param>
public readonly record struct StreamSample(MediaKind Kind, long Expected, long Lost, TimeSpan Jitter);
