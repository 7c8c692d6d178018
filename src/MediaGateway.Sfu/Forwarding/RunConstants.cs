namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// Constants that the packets of one run of the <see cref="SequenceMap{TSource,TConstants}"/> share, beyond their source.
/// </summary>
/// <param name="Filter">Which layers pass.</param>
/// <param name="PictureIdOffset">Offset of outgoing VP8 and VP9 picture ids, modulo their width.</param>
public readonly record struct RunConstants(LayerFilter Filter, ushort PictureIdOffset);
