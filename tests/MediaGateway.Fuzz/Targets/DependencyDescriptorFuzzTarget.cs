using MediaGateway.Rtc.Codecs;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>The mandatory fields depend on the first three bytes only, and are all of them.</summary>
public sealed class DependencyDescriptorFuzzTarget : IFuzzTarget
{
    public string Name => "dependency-descriptor";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("800001"),
        Convert.FromHexString("C000018003"),
        Convert.FromHexString("43FFFF40"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        bool parsed = DependencyDescriptor.TryParse(input, out DependencyDescriptor descriptor);
        Property.Holds(parsed == input.Length >= 3, "three bytes are enough and necessary");
        if (!parsed)
            return;
        int flags = (descriptor.StartsFrame ? 0x80 : 0) | (descriptor.EndsFrame ? 0x40 : 0) | descriptor.TemplateId;
        byte[] mandatory = [(byte)flags, (byte)(descriptor.FrameNumber >> 8), (byte)descriptor.FrameNumber];
        Property.Holds(input.StartsWith(mandatory), "the fields are the bytes");
        Property.Holds(!descriptor.HasTemplateStructure || input.Length > 3, "a structure takes more than the mandatory fields");
    }
}
