namespace MediaGateway.Rtc.Codecs;

/// <summary>Kinds of parameter sets, in the order in which a decoder needs them; H.264 has the last two.</summary>
internal enum ParameterSetKind
{
    Video,
    Sequence,
    Picture,
}
