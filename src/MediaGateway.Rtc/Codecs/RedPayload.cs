using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Codecs;

/// <summary>Redundant audio (RFC 2198): finds the primary encoding behind the redundant ones.</summary>
public readonly ref struct RedPayload
{
    private const byte Follows = 0x80;
    private const int RedundantHeaderLength = 4;

    private RedPayload(PayloadType payloadType, ReadOnlySpan<byte> primary)
    {
        PrimaryPayloadType = payloadType;
        Primary = primary;
    }

    public PayloadType PrimaryPayloadType { get; }

    /// <summary>Payload of the primary encoding, whose timestamp is the packet's; borrowed.</summary>
    public ReadOnlySpan<byte> Primary { get; }

    public static bool TryParse(ReadOnlySpan<byte> payload, out RedPayload red)
    {
        red = default;
        int redundantLength = 0;
        // Section 3: F, payload type, timestamp offset (14 bits), length (10 bits); the last header is F = 0 and a type.
        while (!payload.IsEmpty && (payload[0] & Follows) != 0)
        {
            if (payload.Length < RedundantHeaderLength)
                return false;
            redundantLength += BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) & 0x3FF;
            payload = payload[RedundantHeaderLength..];
        }
        if (payload.Length < 1 + redundantLength)
            return false;
        red = new RedPayload(new PayloadType(payload[0]), payload[(1 + redundantLength)..]);
        return true;
    }
}
