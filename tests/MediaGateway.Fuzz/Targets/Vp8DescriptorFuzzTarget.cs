using MediaGateway.Rtc.Codecs;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>Rewriting the fields of a descriptor that parses changes those fields and nothing else.</summary>
public sealed class Vp8DescriptorFuzzTarget : IFuzzTarget
{
    public string Name => "vp8-descriptor";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("33AA"),
        Convert.FromHexString("90F0923456A7100200"),
        Convert.FromHexString("90E03456A7100200"),
        Convert.FromHexString("904034100200"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        _ = KeyFrames.StartsKeyFrame(CodecKind.Vp8, input);
        if (!Vp8Descriptor.TryParse(input, out Vp8Descriptor descriptor))
            return;
        Property.Holds(descriptor.Length >= 1 && descriptor.Length <= input.Length, "the descriptor is part of the payload");
        Property.Holds(descriptor.PictureId >> descriptor.PictureIdBits == 0, "the picture id has its width");
        byte[] copy = input.ToArray();
        ushort pictureId = (ushort)((descriptor.PictureId + 0x1235) & ((1 << descriptor.PictureIdBits) - 1));
        byte tl0PicIdx = (byte)(descriptor.HasTl0PicIdx ? descriptor.Tl0PicIdx + 0x57 : 0);
        descriptor.WritePictureId(copy, pictureId);
        descriptor.WriteTl0PicIdx(copy, tl0PicIdx);
        Property.Holds(Vp8Descriptor.TryParse(copy, out Vp8Descriptor again), "a rewritten descriptor parses");
        Property.Holds((again.PictureId, again.Tl0PicIdx) == (pictureId, tl0PicIdx), "the new values read back");
        again.WritePictureId(copy, descriptor.PictureId);
        again.WriteTl0PicIdx(copy, descriptor.Tl0PicIdx);
        Property.Holds(input.SequenceEqual(copy), "writing the old values restores the payload");
    }
}
