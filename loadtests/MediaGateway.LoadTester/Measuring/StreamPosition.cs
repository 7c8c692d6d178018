using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Measuring;

/// <summary>The position of a packet in the stream that a receiver got.</summary>
/// <param name="Sequence">Its number, extended.</param>
/// <param name="Timestamp">Of its frame.</param>
/// <param name="StartsKeyFrame">Whether a decoder can begin here.</param>
internal readonly record struct StreamPosition(long Sequence, RtpTimestamp Timestamp, bool StartsKeyFrame);
