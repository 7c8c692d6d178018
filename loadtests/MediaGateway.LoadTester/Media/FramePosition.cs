namespace MediaGateway.LoadTester.Media;

/// <summary>Where a packet stands in its frame.</summary>
internal readonly record struct FramePosition(long Frame, bool IsKeyFrame, bool IsFirst, bool IsLast);
