namespace MediaGateway.Rtc.Codecs;

/// <summary>Roles of one frame in each of up to 32 decode targets.</summary>
/// <param name="Bits">Two bits a target, target 0 lowest.</param>
public readonly record struct DecodeTargetIndications(ulong Bits)
{
    public DecodeTargetIndication this[int target] => (DecodeTargetIndication)(Bits >> (2 * target) & 0x03);

    public bool IsPresentIn(int target) => this[target] != DecodeTargetIndication.NotPresent;

    internal static bool TryRead(ref BitReader bits, int targetCount, out DecodeTargetIndications indications)
    {
        ulong value = 0;
        for (int target = 0; target < targetCount; target++)
            value |= (ulong)bits.Read(2) << (2 * target);
        indications = new DecodeTargetIndications(value);
        return !bits.IsBeyondEnd;
    }
}
