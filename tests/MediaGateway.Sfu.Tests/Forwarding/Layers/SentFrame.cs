namespace MediaGateway.Sfu.Tests.Forwarding.Layers;

/// <summary>One layer frame of one encoding, and what it takes to decode it.</summary>
/// <param name="Id">Unique over all encodings.</param>
/// <param name="Encoding">Which encoding.</param>
/// <param name="Picture">Number of its picture, the same in all encodings.</param>
/// <param name="Spatial">Layer.</param>
/// <param name="Temporal">Layer.</param>
/// <param name="IsKey">Of a key picture.</param>
/// <param name="DependsOn">Frames it references.</param>
public sealed record SentFrame(int Id, int Encoding, int Picture, int Spatial, int Temporal, bool IsKey, int[] DependsOn)
{
    /// <summary>Packets of the frame as sent.</summary>
    public List<SentPacket> Packets { get; } = [];
}
