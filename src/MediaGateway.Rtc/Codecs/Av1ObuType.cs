namespace MediaGateway.Rtc.Codecs;

/// <summary>OBU types that matter here (AV1 bitstream specification section 6.2.2).</summary>
internal enum Av1ObuType : byte
{
    None = 0,
    SequenceHeader = 1,
}
