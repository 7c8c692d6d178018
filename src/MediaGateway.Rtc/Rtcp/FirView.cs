using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>Full intra request (RFC 5104 section 4.3.1). Its targets are in the entries, not in the header's media SSRC.</summary>
public readonly ref struct FirView
{
    private readonly ReadOnlySpan<byte> _body;

    private FirView(ReadOnlySpan<byte> body) => _body = body;

    public Ssrc Sender => FeedbackHeader.Sender(_body);

    /// <summary>Entries of the request, at least one.</summary>
    public FirEntryList Entries => new(_body[FeedbackHeader.Length..]);

    public static bool TryParse(scoped in RtcpPacketView packet, out FirView view)
    {
        bool valid = FeedbackHeader.Matches(
            packet, RtcpPacketType.PayloadSpecificFeedback, RtcpFeedbackFormat.FullIntraRequest, FirEntry.Length);
        view = valid ? new FirView(packet.Body) : default;
        return valid;
    }
}
