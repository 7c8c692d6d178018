using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Links;

/// <summary>A packet that waits before a bottleneck.</summary>
/// <param name="Flow">Whose.</param>
/// <param name="Bytes">Its size on the wire.</param>
/// <param name="Since">When it came.</param>
/// <param name="Leave">What happens once its last bit has left.</param>
internal sealed record QueuedPacket(LinkFlow Flow, int Bytes, MonotonicTime Since, Action Leave);
