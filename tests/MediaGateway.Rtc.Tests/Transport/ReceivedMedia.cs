using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Transport;

/// <summary>One packet that came out of a transport.</summary>
internal readonly record struct ReceivedMedia(Mid Mid, Ssrc Ssrc, ExtendedSequence Sequence);
