using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>An offered section that we accept.</summary>
/// <param name="Offer">The section as offered.</param>
/// <param name="Mid">Its name.</param>
internal abstract record AnsweredSection(MediaDescription Offer, Mid Mid);
