using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary>One id in an <c>a=simulcast</c> list; a leading <c>~</c> says it starts paused (RFC 8853 section 5.1).</summary>
public readonly record struct SimulcastEncoding(Rid Rid, bool IsPaused)
{
    public override string ToString() => IsPaused ? "~" + Rid : Rid.ToString();
}
