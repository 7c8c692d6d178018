using MediaGateway.Rtc.Negotiation;

namespace MediaGateway.Sfu.Peers;

/// <summary>A peer that is ready for its worker, and the session that was negotiated with it.</summary>
public sealed record AnsweredPeer<TPeer>(TPeer Peer, NegotiatedSession Session)
    where TPeer : Peer;
