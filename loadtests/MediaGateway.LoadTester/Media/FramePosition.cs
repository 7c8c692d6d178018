namespace MediaGateway.LoadTester.Media;

/// <summary>The position of a packet in its frame.</summary>
internal readonly record struct FramePosition(long Frame, bool IsKeyFrame, bool IsFirst, bool IsLast);
