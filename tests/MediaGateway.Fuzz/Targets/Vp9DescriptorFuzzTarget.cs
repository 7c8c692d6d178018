using MediaGateway.Rtc.Codecs;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>A descriptor that parses lies within the payload, needs all of its bytes and none behind them.</summary>
public sealed class Vp9DescriptorFuzzTarget : IFuzzTarget
{
    public string Name => "vp9-descriptor";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("AC92345378AA"),
        Convert.FromHexString("F1342003FEAA"),
        Convert.FromHexString("0A58014000B402800168050002D0020401080102AA"),
        Convert.FromHexString("AA923400780801040155AA"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        _ = KeyFrames.StartsKeyFrame(CodecKind.Vp9, input);
        if (!Vp9Descriptor.TryParse(input, out Vp9Descriptor descriptor))
            return;
        Property.Holds(descriptor.Length >= 1 && descriptor.Length <= input.Length, "the descriptor is part of the payload");
        Property.Holds(descriptor.PictureId >> descriptor.PictureIdBits == 0, "the picture id has its width");
        Property.Holds(descriptor.PictureDifferenceCount is >= 0 and <= 3, "at most three references");
        Property.Holds(descriptor.SpatialLayerCount is >= 0 and <= 8, "at most eight spatial layers");
        Property.Holds(!Vp9Descriptor.TryParse(input[..(descriptor.Length - 1)], out _), "a byte less is too short");
        Property.Holds(
            Vp9Descriptor.TryParse(input[..descriptor.Length], out Vp9Descriptor again) && again.Length == descriptor.Length,
            "nothing behind the descriptor matters");
    }
}
