namespace MediaGateway.Testing.Bandwidth;

/// <summary>Something that a sender can send: its rate on the wire, and the key frame it begins with.</summary>
internal sealed record LoopStep(double Megabits, int KeyFrameBytes);
