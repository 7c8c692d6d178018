using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary>A trickled candidate.</summary>
/// <param name="Mid">The section it was listed under; null when it stood before any section.</param>
/// <param name="Value">candidate-attribute value, verbatim, without <c>candidate:</c>.</param>
public readonly record struct FragmentCandidate(Mid? Mid, string Value);
