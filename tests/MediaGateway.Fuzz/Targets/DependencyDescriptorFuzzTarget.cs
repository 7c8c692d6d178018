using MediaGateway.Rtc.Codecs;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// The mandatory fields are the first three bytes; a structure that parses is within its bounds, describes its own
/// packet again when it is in force, and is not read twice.
/// </summary>
public sealed class DependencyDescriptorFuzzTarget : IFuzzTarget
{
    public string Name => "dependency-descriptor";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("800001"),
        Convert.FromHexString("C000012003"),
        Convert.FromHexString("43FFFF40"),
        Convert.FromHexString("BE123487C205EAAAF1C14D34D3202469013F00B3"),
        Convert.FromHexString("85000780A80581605EAAAAA8002F0001C000100002AA80A8002F0001C000100002A000A8002F0001C00014D34D34D34D34D34D34D33157E02468ACF13579BDE02468ACF13579BDE02468ACF13579013F00B3027F016704FF02CF"),
        Convert.FromHexString("850007C0A80581605EAAAAABFFEFFFF1CF3C10C302AA80ABF02FFC01CF0010C002A000A8002F0001C00014D34D34D34D34D34D34D33157E02468ACF13579BDE02468ACF13579BDE02468ACF13579013F00B3027F016704FF02CF1F80"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        _ = FrameLayers.Read(CodecKind.Av1, [0x10, 0x32], marker: true, input, structure: null, activeTargets: 0);
        if (!DependencyDescriptor.TryParse(input, inForce: null, out DependencyDescriptor descriptor))
            return;
        int flags = (descriptor.StartsFrame ? 0x80 : 0) | (descriptor.EndsFrame ? 0x40 : 0) | descriptor.TemplateId;
        byte[] mandatory = [(byte)flags, (byte)(descriptor.FrameNumber >> 8), (byte)descriptor.FrameNumber];
        Property.Holds(input.StartsWith(mandatory), "the fields are the bytes");
        Property.Holds(!descriptor.HasTemplateStructure || input.Length > 3, "a structure takes more than the mandatory fields");
        if (descriptor.Structure is not { } structure)
            return;
        Property.Holds(structure.TemplateCount is >= 1 and <= 64 && structure.DecodeTargetCount is >= 1 and <= 32, "counts are in bounds");
        Property.Holds(structure.SpatialLayerCount is >= 1 and <= 4
            && structure.TemporalLayerCount is >= 1 and <= 8, "layers are in bounds");
        for (int target = 0; target < structure.DecodeTargetCount; target++)
        {
            Property.Holds(structure.Covers(target, target), "a target covers itself");
            int found = structure.FindTarget(structure.AllTargets, structure.SpatialOf(target), structure.TemporalOf(target));
            Property.Holds(
                (structure.SpatialOf(found), structure.TemporalOf(found)) == (structure.SpatialOf(target), structure.TemporalOf(target)),
                "a target is found by its layers");
        }
        Property.Holds(DependencyDescriptor.TryParse(input, structure, out DependencyDescriptor again), "it parses again");
        Property.Holds(ReferenceEquals(again.Structure, structure), "the structure in force is not read again");
        Property.Holds((again.Indications, again.SpatialId, again.TemporalId, again.ActiveDecodeTargets)
            == (descriptor.Indications, descriptor.SpatialId, descriptor.TemporalId, descriptor.ActiveDecodeTargets),
                "it says the same again");
    }
}
