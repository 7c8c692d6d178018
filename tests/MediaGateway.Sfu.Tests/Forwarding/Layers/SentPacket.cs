using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Tests.Forwarding.Layers;

/// <param name="Encoding">Which encoding it belongs to.</param>
/// <param name="Sequence">The publisher's number.</param>
/// <param name="Bytes">The whole packet.</param>
public sealed record SentPacket(int Encoding, ExtendedSequence Sequence, byte[] Bytes);
