using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Allocation;

/// <summary>Rates that a receiver's line is asked to carry, in all.</summary>
/// <param name="Sending">Rate of what is sent now.</param>
/// <param name="Goal">Estimate from which on the next step up is taken; zero when there is none, or when it is not tried now.</param>
/// <param name="Wish">Rate of everything that is wanted.</param>
internal readonly record struct LineDemand(Bitrate Sending, Bitrate Goal, Bitrate Wish);
