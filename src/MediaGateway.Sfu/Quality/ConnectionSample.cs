using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Quality;

/// <summary>State of a participant's connection as a whole.</summary>
/// <param name="MediaExpected">
/// Whether the participant ought to send media now: it publishes a track that is neither muted nor paused for want of
/// watchers.
/// </param>
/// <param name="LastMedia">When a media packet last arrived.</param>
/// <param name="LastArrival">When anything authentic last arrived: media, reports, connectivity checks, data.</param>
/// <param name="RoundTrip">Round trip between gateway and participant; null while it is not measured.</param>
/// <param name="Shortage">How much video the line to the participant keeps from it.</param>
public readonly record struct ConnectionSample(
    bool MediaExpected,
    MonotonicTime LastMedia,
    MonotonicTime LastArrival,
    TimeSpan? RoundTrip,
    VideoShortage Shortage = default);
