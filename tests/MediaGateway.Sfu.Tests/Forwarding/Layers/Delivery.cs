using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Tests.Forwarding.Layers;

/// <summary>One packet as a subscriber got it.</summary>
/// <param name="Frame">The frame it is of.</param>
/// <param name="Index">Which of its packets.</param>
/// <param name="Timestamp">As received.</param>
/// <param name="Marker">As received.</param>
internal sealed record Delivery(SentFrame Frame, int Index, RtpTimestamp Timestamp, bool Marker)
{
    public int PictureId { get; set; }

    public byte Tl0PicIdx { get; set; }

    public ushort FrameNumber { get; set; }
}
