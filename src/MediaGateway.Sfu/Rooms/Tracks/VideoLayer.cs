namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>A layer of a video track as its publisher declares it.</summary>
/// <param name="Quality">Public name of the layer.</param>
/// <param name="Width">Width, pixels; 0 when not declared.</param>
/// <param name="Height">Height, pixels; 0 when not declared.</param>
/// <param name="Bitrate">Bit rate, bits per second; 0 when not declared.</param>
/// <param name="Rid">RID of the simulcast encoding that carries it; empty when it is a spatial layer or the only one.</param>
/// <param name="SpatialLayer">Index of the spatial layer in scalable coding, from 0.</param>
public sealed record VideoLayer(VideoQuality Quality, int Width, int Height, int Bitrate, string Rid, int SpatialLayer);
