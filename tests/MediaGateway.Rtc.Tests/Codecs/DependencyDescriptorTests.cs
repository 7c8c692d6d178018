using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Codecs;

public class DependencyDescriptorTests
{
    /// <summary>One spatial layer and three temporal ones, template ids from 62 on.</summary>
    private const string L1T3 = "BE123487C205EAAAF1C14D34D3202469013F00B3";

    /// <summary>Three and three, upper layers depend on lower ones at key pictures only; template ids from 5 on.</summary>
    private const string L3T3Key = "85000780A80581605EAAAAA8002F0001C000100002AA80A8002F0001C000100002A000A8002F0001C00014D34D34D34D34D34D34D33157E02468ACF13579BDE02468ACF13579BDE02468ACF13579013F00B3027F016704FF02CF";

    /// <summary>The same with full dependence, and only the lower two spatial layers active.</summary>
    private const string L3T3 = "850007C0A80581605EAAAAABFFEFFFF1CF3C10C302AA80ABF02FFC01CF0010C002A000A8002F0001C00014D34D34D34D34D34D34D33157E02468ACF13579BDE02468ACF13579BDE02468ACF13579013F00B3027F016704FF02CF1F80";

    [Theory]
    [InlineData("80 0001", true, false, 0, 1, false)]
    [InlineData("43 FFFF", false, true, 3, 65535, false)]
    [InlineData(L1T3, true, false, 62, 0x1234, true)]
    [InlineData("C0 0001 40", true, true, 0, 1, false)]
    public void TryParse_mandatory_fields_are_read(string value, bool starts, bool ends, int template, int frame, bool structure)
    {
        Assert.True(DependencyDescriptor.TryParse(Hex.Bytes(value), inForce: null, out DependencyDescriptor descriptor));

        Assert.Equal((starts, ends), (descriptor.StartsFrame, descriptor.EndsFrame));
        Assert.Equal((template, frame), (descriptor.TemplateId, descriptor.FrameNumber));
        Assert.Equal(structure, descriptor.HasTemplateStructure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("C000")]
    [InlineData("C0 0001 80 03")] // A structure cut off.
    public void TryParse_truncated_is_refused(string value) =>
        Assert.False(DependencyDescriptor.TryParse(Hex.Bytes(value), inForce: null, out _));

    [Fact]
    public void Structure_of_temporal_layers_tells_layers_and_targets()
    {
        DependencyStructure structure = StructureOf(L1T3);

        Assert.Equal((5, 3, 1), (structure.TemplateCount, structure.DecodeTargetCount, structure.ChainCount));
        Assert.Equal((1, 3), (structure.SpatialLayerCount, structure.TemporalLayerCount));
        Assert.Equal([(0, 0), (0, 1), (0, 2)],
            Enumerable.Range(0, 3).Select(target => (structure.SpatialOf(target), structure.TemporalOf(target))));
        Assert.True(structure.Covers(2, 0));
        Assert.False(structure.Covers(0, 2));
    }

    [Fact]
    public void Template_ids_wrap_and_later_packets_are_read_by_the_structure()
    {
        // Template 3 of 5, id 62 + 3 = 1 (mod 64): the second temporal layer.
        Assert.True(DependencyDescriptor.TryParse(Hex.Bytes("C1 1235"), StructureOf(L1T3), out DependencyDescriptor descriptor));

        Assert.Equal((0, 1), (descriptor.SpatialId, descriptor.TemporalId));
        Assert.Equal(
            [DecodeTargetIndication.NotPresent, DecodeTargetIndication.Discardable, DecodeTargetIndication.Required],
            Enumerable.Range(0, 3).Select(target => descriptor.Indications[target]));
    }

    [Fact]
    public void Custom_indications_stand_for_the_templates()
    {
        // Flags: only custom_dtis; then 01 10 11.
        Assert.True(DependencyDescriptor.TryParse(Hex.Bytes("C1 1235 23 60"), StructureOf(L1T3), out DependencyDescriptor descriptor));

        Assert.Equal(
            [DecodeTargetIndication.Discardable, DecodeTargetIndication.Switch, DecodeTargetIndication.Required],
            Enumerable.Range(0, 3).Select(target => descriptor.Indications[target]));
    }

    [Fact]
    public void Template_that_the_structure_lacks_leaves_layers_unknown()
    {
        Assert.True(DependencyDescriptor.TryParse(Hex.Bytes("C8 1235"), StructureOf(L1T3), out DependencyDescriptor descriptor));

        Assert.Null(descriptor.Structure);
        Assert.Equal(0x1235, descriptor.FrameNumber);
    }

    [Theory]
    [InlineData(L3T3Key, false)]
    [InlineData(L3T3, true)]
    public void Lower_spatial_target_is_covered_only_where_every_picture_needs_it(string value, bool covered) =>
        Assert.Equal(covered, StructureOf(value).Covers(8, 2));

    [Theory]
    [InlineData(0x1FF, int.MaxValue, int.MaxValue, 8)]
    [InlineData(0x1FF, 1, int.MaxValue, 5)]
    [InlineData(0x1FF, 2, 0, 6)]
    [InlineData(0x03F, 2, 1, 4)] // The highest spatial layer is not produced.
    [InlineData(0x1F8, 0, 0, 3)] // The lowest is not: the least there is.
    [InlineData(0, 0, 1, 1)] // A mask of nothing says nothing.
    public void Best_target_within_limits_is_found(uint active, int maxSpatial, int maxTemporal, int target) =>
        Assert.Equal(target, StructureOf(L3T3Key).FindTarget(active, maxSpatial, maxTemporal));

    [Fact]
    public void Active_targets_follow_the_structure()
    {
        Assert.True(DependencyDescriptor.TryParse(Hex.Bytes(L3T3), inForce: null, out DependencyDescriptor descriptor));

        Assert.Equal(0b000111111u, descriptor.ActiveDecodeTargets);
    }

    [Fact]
    public void Structure_in_force_is_not_read_again()
    {
        DependencyStructure structure = StructureOf(L3T3Key);

        Assert.True(DependencyDescriptor.TryParse(Hex.Bytes(L3T3Key), structure, out DependencyDescriptor same));
        Assert.True(DependencyDescriptor.TryParse(Hex.Bytes(L3T3), structure, out DependencyDescriptor other));

        Assert.Same(structure, same.Structure);
        Assert.NotSame(structure, other.Structure);
    }

    private static DependencyStructure StructureOf(string value)
    {
        Assert.True(DependencyDescriptor.TryParse(Hex.Bytes(value), inForce: null, out DependencyDescriptor descriptor));
        return descriptor.Structure!;
    }
}
