using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Transport;

/// <summary>What an SSRC of the remote is: which section's which encoding, media or retransmission.</summary>
internal sealed record StreamBinding(RtpReceiver Receiver, ReceiveStream Stream, bool IsRetransmission);
