using MediaGateway.Rtc.Codecs;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>The primary block is the end of the payload, and its type one of seven bits.</summary>
public sealed class RedPayloadFuzzTarget : IFuzzTarget
{
    public string Name => "red";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("6FAABB"),
        Convert.FromHexString("EF1E0002EF0F00016FC1C2D1AABB"),
        Convert.FromHexString("EF0F00016FD1"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!RedPayload.TryParse(input, out RedPayload red))
            return;
        Property.Holds(red.PrimaryPayloadType.Value < 128, "a payload type has seven bits");
        Property.Holds(red.Primary.Length < input.Length && input.EndsWith(red.Primary), "the primary block ends the payload");
        byte[] alone = [red.PrimaryPayloadType.Value, .. red.Primary];
        Property.Holds(
            RedPayload.TryParse(alone, out RedPayload again) && again.Primary.SequenceEqual(red.Primary),
            "the primary block alone is a payload too");
    }
}
