using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>Generic NACK (RFC 4585 section 6.2.1).</summary>
public readonly ref struct NackView
{
    internal const int EntryLength = 4;

    private readonly ReadOnlySpan<byte> _body;

    private NackView(ReadOnlySpan<byte> body) => _body = body;

    public Ssrc Sender => FeedbackHeader.Sender(_body);

    public Ssrc Media => FeedbackHeader.Media(_body);

    /// <summary>Every sequence number reported lost, in the order of the packet; at least one, at most 17 an entry.</summary>
    public LostSequenceEnumerator Lost => new(_body[FeedbackHeader.Length..]);

    public static bool TryParse(scoped in RtcpPacketView packet, out NackView view)
    {
        bool valid = FeedbackHeader.Matches(
            packet, RtcpPacketType.TransportLayerFeedback, RtcpFeedbackFormat.Nack, EntryLength);
        view = valid ? new NackView(packet.Body) : default;
        return valid;
    }
}
