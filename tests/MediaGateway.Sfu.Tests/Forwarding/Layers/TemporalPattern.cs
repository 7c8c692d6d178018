namespace MediaGateway.Sfu.Tests.Forwarding.Layers;

/// <summary>
/// Three temporal layers over eight pictures, as libwebrtc's VP8 encoder does it: in the second half frames of higher
/// layers depend on those of the first, so that one can't go up just anywhere.
/// </summary>
internal static class TemporalPattern
{
    public const int Length = 8;

    private static readonly int[] Layers = [0, 2, 1, 2, 0, 2, 1, 2];

    public static int LayerOf(int position) => Layers[position];

    /// <summary>Depends on the base layer only.</summary>
    public static bool IsLayerSync(int position) => position is 1 or 2;

    /// <summary>Tells whether no later frame of a higher layer depends on a frame before this one.</summary>
    public static bool IsSwitchingUpPoint(int position) => position == 0;

    /// <summary>Returns the layers whose newest frames a frame references.</summary>
    public static int[] References(int position) => position switch
    {
        0 or 1 or 2 or 4 => [0],
        6 => [0, 1],
        _ => [0, 1, 2],
    };
}
