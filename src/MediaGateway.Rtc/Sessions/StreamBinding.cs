using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Sessions;

/// <summary>Binding of an SSRC of the remote to a stream.</summary>
/// <param name="Receiver">Which section's.</param>
/// <param name="Stream">Which encoding.</param>
/// <param name="IsRetransmission">Its RTX stream, not its media.</param>
/// <param name="IsDeclared">A description says so, not a packet.</param>
internal sealed record StreamBinding(RtpReceiver Receiver, RtpReceiveStream Stream, bool IsRetransmission, bool IsDeclared);
