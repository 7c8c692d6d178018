using System.Diagnostics.CodeAnalysis;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;

namespace MediaGateway.Testing.Peers;

/// <summary>A packet with nothing but parameter sets.</summary>
/// <param name="Timestamp">As received.</param>
/// <param name="Marker">As received.</param>
/// <param name="Payload">As received.</param>
public sealed record ReceivedSets(RtpTimestamp Timestamp, bool Marker, byte[] Payload)
{
    public static bool TryRead(in MediaPacket packet, [NotNullWhen(true)] out ReceivedSets? sets)
    {
        CodecKind codec = packet.Codec.Kind;
        sets = null;
        bool hasOthers = codec is not (CodecKind.H264 or CodecKind.H265);
        foreach (NalUnit unit in new NalUnits(codec, packet.View.Payload))
            hasOthers |= codec == CodecKind.H265 ? unit.Type is < 32 or > 34 : unit.Type is not (7 or 8);
        if (!hasOthers)
            sets = new ReceivedSets(packet.View.Timestamp, packet.View.Marker, packet.View.Payload.ToArray());
        return sets is not null;
    }
}
