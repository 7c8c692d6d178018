using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Streams;

/// <summary>The last sender report of a received source: which RTP timestamp was which moment (RFC 3550 section 6.4.1).</summary>
/// <param name="RemoteTime">NTP time by the sender's clock.</param>
/// <param name="Timestamp">The RTP timestamp of that moment.</param>
/// <param name="Arrival">When the report came.</param>
public readonly record struct SenderReportInfo(NtpTime RemoteTime, RtpTimestamp Timestamp, MonotonicTime Arrival);
