using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>A data channel section and what was agreed.</summary>
/// <param name="Offer">The section as offered.</param>
/// <param name="Data">What was agreed.</param>
internal sealed record AnsweredData(MediaDescription Offer, NegotiatedData Data) : AnsweredSection(Offer, Data.Mid);
