using MediaGateway.Rtc.Codecs;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>The start of an H.265 key frame is found or not, whatever the aggregates and fragments claim.</summary>
public sealed class H265FuzzTarget : IFuzzTarget
{
    public string Name => "h265";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("40010C01"),
        Convert.FromHexString("6001000440010C01000342010100034401C1"),
        Convert.FromHexString("6201A00C01"),
        Convert.FromHexString("620193AF"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        ParameterSetProperties.Hold(CodecKind.H265, input);
        if (!KeyFrames.StartsKeyFrame(CodecKind.H265, input))
            return;
        Property.Holds(input.Length > 2, "a key frame does not start in a header alone");
        Property.Holds(KeyFrames.StartsKeyFrame(CodecKind.H265, [.. input, 0xFF]), "bytes behind do not take the start away");
    }
}
