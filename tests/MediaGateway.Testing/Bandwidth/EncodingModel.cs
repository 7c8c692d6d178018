using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>One encoding of a modelled picture.</summary>
/// <param name="Rid">Its name in simulcast; null for an only one.</param>
/// <param name="Megabits">Rate of its pictures that are no key frames, Mb/s of payload.</param>
/// <param name="KeyFrameBytes">Size of a key frame.</param>
public sealed record EncodingModel(Rid? Rid, double Megabits, int KeyFrameBytes);
