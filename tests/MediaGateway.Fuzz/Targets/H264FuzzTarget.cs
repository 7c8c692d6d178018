using MediaGateway.Rtc.Codecs;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>The start of an H.264 key frame is found or not, whatever the aggregates and fragments claim.</summary>
public sealed class H264FuzzTarget : IFuzzTarget
{
    public string Name => "h264";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("6742E01F"),
        Convert.FromHexString("7800046742E01F000268CE0003658880"),
        Convert.FromHexString("7C8742E01F"),
        Convert.FromHexString("7C858880"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        ParameterSetProperties.Hold(CodecKind.H264, input);
        if (!KeyFrames.StartsKeyFrame(CodecKind.H264, input))
            return;
        Property.Holds(input.Length > 0, "a key frame does not start in a header alone");
        Property.Holds(KeyFrames.StartsKeyFrame(CodecKind.H264, [.. input, 0xFF]), "bytes behind do not take the start away");
    }
}
