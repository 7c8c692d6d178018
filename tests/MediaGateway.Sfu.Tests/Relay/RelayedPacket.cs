using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Tests.Relay;

/// <summary>A packet as it came out at the other end, and what was known there of its timing.</summary>
internal sealed record RelayedPacket(
    PublishedEncoding Encoding, ExtendedSequence Sequence, RtpCodec Codec, byte[] Bytes, bool IsMuted, SenderReportInfo? Report,
    ClockTranslation? Clock);
