using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>Why a description can't be used, for its sender.</summary>
/// <param name="Code">The stable reason.</param>
/// <param name="Mid">The section meant; null for the whole description.</param>
/// <param name="Message">One sentence.</param>
public sealed record NegotiationError(NegotiationErrorCode Code, Mid? Mid, string Message)
{
    public override string ToString() => Mid is { } mid ? $"section {mid}: {Message}" : Message;
}
