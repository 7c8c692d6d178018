using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sessions;

/// <summary>Description of a source whose section is no longer received.</summary>
/// <param name="Mid">Its section.</param>
/// <param name="Rid">Its encoding; null without simulcast.</param>
/// <param name="IsRetransmission">It was the RTX stream.</param>
internal sealed record RetiredSource(Mid Mid, Rid? Rid, bool IsRetransmission);
