using MediaGateway.Rtc.Codecs;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>The start of an AV1 coded video sequence is found or not, whatever the lengths of the elements claim.</summary>
public sealed class Av1FuzzTarget : IFuzzTarget
{
    public string Name => "av1";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("180A0B0000"),
        Convert.FromHexString("28040A0B000032"),
        Convert.FromHexString("0084000A0B0000"),
        Convert.FromHexString("100A0B0000"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!KeyFrames.StartsKeyFrame(CodecKind.Av1, input))
            return;
        Property.Holds(input.Length > 1, "a key frame does not start in a header alone");
        Property.Holds(KeyFrames.StartsKeyFrame(CodecKind.Av1, [.. input, 0xFF]), "bytes behind do not take the start away");
    }
}
