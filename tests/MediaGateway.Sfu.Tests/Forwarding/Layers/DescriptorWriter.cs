namespace MediaGateway.Sfu.Tests.Forwarding.Layers;

/// <summary>
/// Writes dependency descriptors (AV1 RTP specification, appendix A.8.3). Five templates a spatial layer: of key pictures,
/// and of the pattern's base frames that one can go up at or not, first and second layer. A decode target for each
/// spatial and temporal layer.
/// </summary>
internal sealed class DescriptorWriter(LayeredFormat format, int templateIdOffset)
{
    private const int TemplatesPerLayer = 5;
    private const int NotPresent = 0, Discardable = 1, Switch = 2, Required = 3;

    public byte[] Write(SentFrame frame, int position, ushort frameNumber, bool starts, bool ends)
    {
        var bits = new BitWriter();
        bits.Write(starts ? 1 : 0, 1);
        bits.Write(ends ? 1 : 0, 1);
        bits.Write((templateIdOffset + frame.Spatial * TemplatesPerLayer + TemplateOf(frame, position)) % 64, 6);
        bits.Write(frameNumber, 16);
        if (frame.IsKey && frame.Spatial == 0 && starts)
        {
            bits.Write(0b10000, 5);
            WriteStructure(bits);
        }
        return bits.ToArray();
    }

    private static int TemplateOf(SentFrame frame, int position) => frame switch
    {
        { IsKey: true } => 0,
        { Temporal: 0 } => position == 0 ? 1 : 2,
        _ => 2 + frame.Temporal,
    };

    private void WriteStructure(BitWriter bits)
    {
        int targets = format.SpatialLayers * 3;
        bits.Write(templateIdOffset, 6);
        bits.Write(targets - 1, 5);
        for (int spatial = 0; spatial < format.SpatialLayers; spatial++)
        {
            bits.Write(0, 2);
            bits.Write(0, 2);
            bits.Write(1, 2);
            bits.Write(1, 2);
            bits.Write(spatial == format.SpatialLayers - 1 ? 3 : 2, 2);
        }
        for (int template = 0; template < format.SpatialLayers * TemplatesPerLayer; template++)
        {
            for (int target = 0; target < targets; target++)
                bits.Write(Indication(template / TemplatesPerLayer, template % TemplatesPerLayer, target / 3, target % 3), 2);
        }
        for (int template = 0; template < format.SpatialLayers * TemplatesPerLayer; template++)
            bits.Write(template == 0 ? 0 : 0b100110, template == 0 ? 1 : 6);
        bits.WriteNonSymmetric(format.SpatialLayers, targets + 1);
        for (int target = 0; target < targets; target++)
            bits.WriteNonSymmetric(target / 3, format.SpatialLayers);
        for (int i = 0; i < format.SpatialLayers * TemplatesPerLayer * format.SpatialLayers; i++)
            bits.Write(i % 16, 4);
        bits.Write(1, 1);
        for (int spatial = 0; spatial < format.SpatialLayers; spatial++)
            bits.Write(320 << spatial << 16 | 180 << spatial, 32);
    }

    private int Indication(int spatial, int template, int targetSpatial, int targetTemporal)
    {
        int temporal = Math.Max(0, template - 2);
        bool isKey = template == 0;
        if (targetSpatial < spatial || targetTemporal < temporal)
            return NotPresent;
        if (isKey)
            return Switch;
        if (targetSpatial > spatial)
            return format.OnlyKeyPicturesPredictUpwards ? NotPresent : Required;
        if (template == 1)
            return Switch;
        return temporal == 0 ? targetTemporal == 0 ? Switch : Required : targetTemporal == temporal ? Discardable : Required;
    }
}
