using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>Receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb-03 section 2.2).</summary>
public readonly ref struct RembView
{
    internal const uint Identifier = 0x52454D42; // "REMB"
    internal const int FixedLength = FeedbackHeader.Length + 8;
    internal const int MantissaBits = 18;

    private RembView(Ssrc sender, Bitrate bitrate, SsrcList sources)
    {
        Sender = sender;
        Bitrate = bitrate;
        Sources = sources;
    }

    public Ssrc Sender { get; }

    public Bitrate Bitrate { get; }

    /// <summary>The media streams that the estimate covers together.</summary>
    public SsrcList Sources { get; }

    public static bool TryParse(scoped in RtcpPacketView packet, out RembView view)
    {
        view = default;
        ReadOnlySpan<byte> body = packet.Body;
        if (!FeedbackHeader.Matches(
                packet,
                RtcpPacketType.PayloadSpecificFeedback,
                RtcpFeedbackFormat.ApplicationLayer,
                FixedLength - FeedbackHeader.Length)
            || BinaryPrimitives.ReadUInt32BigEndian(body[8..]) != Identifier)
            return false;
        int sourcesLength = body[12] * sizeof(uint);
        uint rate = BinaryPrimitives.ReadUInt32BigEndian(body[12..]) & 0xFF_FFFF;
        int exponent = (int)(rate >> MantissaBits);
        long mantissa = rate & ((1 << MantissaBits) - 1);
        // An exponent that pushes the mantissa out of 63 bits is no bitrate at all.
        if (body.Length < FixedLength + sourcesLength || mantissa > long.MaxValue >> exponent)
            return false;
        view = new RembView(
            FeedbackHeader.Sender(body),
            new Bitrate(mantissa << exponent),
            new SsrcList(body.Slice(FixedLength, sourcesLength)));
        return true;
    }
}
