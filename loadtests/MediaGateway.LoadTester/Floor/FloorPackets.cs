using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Floor;

/// <summary>Numbers and keys that the floor and its clients agree on without a negotiation.</summary>
internal static class FloorPackets
{
    private const byte First = 96;
    private const byte FirstUnforwarded = 112;
    private const uint FirstSsrc = 1_000;

    /// <summary>
    /// Says which of its publisher's tracks a packet is of, and whether anybody is to get it: of simulcast the highest encoding alone.
    /// </summary>
    public static PayloadType PayloadTypeOf(int track, bool isForwarded) => new((byte)((isForwarded ? First : FirstUnforwarded) + track));

    public static bool IsForwarded(PayloadType payloadType) => payloadType.Value < FirstUnforwarded;

    public static int TrackOf(PayloadType payloadType) => payloadType.Value - First;

    public static Ssrc SsrcOf(int source) => new(FirstSsrc + (uint)source);
}
