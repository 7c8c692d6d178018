using System.Collections.Immutable;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>The other side's ICE session as its description gives it.</summary>
/// <param name="UsernameFragment">4-256 ice-chars.</param>
/// <param name="Password">22-256 ice-chars.</param>
/// <param name="Candidates">candidate-attribute values, verbatim and unchecked.</param>
/// <param name="IsLite">It is an ICE-lite agent.</param>
public sealed record RemoteIce(string UsernameFragment, string Password, ImmutableArray<string> Candidates, bool IsLite);
