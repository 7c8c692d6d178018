namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>A layer of a video track as its publisher declares it.</summary>
/// <param name="Quality">Its public name.</param>
/// <param name="Width">Pixels; 0 when not said.</param>
/// <param name="Height">Pixels; 0 when not said.</param>
/// <param name="Bitrate">Bits per second; 0 when not said.</param>
/// <param name="Rid">The simulcast encoding that carries it; empty when it is a spatial layer or the only one.</param>
/// <param name="SpatialLayer">Index of the spatial layer in scalable coding, from 0.</param>
public sealed record VideoLayer(VideoQuality Quality, int Width, int Height, int Bitrate, string Rid, int SpatialLayer);
