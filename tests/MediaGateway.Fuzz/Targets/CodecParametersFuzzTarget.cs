using System.Text;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>The input is the value of <c>a=fmtp</c>: looking into it never throws, and matching is symmetric.</summary>
public sealed class CodecParametersFuzzTarget : IFuzzTarget
{
    private static readonly CodecKind[] Kinds = Enum.GetValues<CodecKind>();

    public string Name => "codec-parameters";

    public IEnumerable<byte[]> Seeds =>
    [
        [.. "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"u8],
        [.. "profile-level-id=640c1f;packetization-mode=0"u8],
        [.. "profile-id=2"u8],
        [.. "level-idx=5;profile=0;tier=0"u8],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        string fmtp = Encoding.Latin1.GetString(input);
        if (CodecParameters.TryGet(fmtp, "profile-level-id", out ReadOnlySpan<char> value))
            Property.Holds(!value.Contains(';') && value.Trim().Length == value.Length, "a value ends before the next parameter");
        foreach (CodecKind kind in Kinds)
        {
            RtpCodec codec = new(kind, new PayloadType(96), 90_000, 1, fmtp, null, RtcpFeedbackKinds.None);
            RtpCodec plain = codec with { Parameters = "" };
            Property.Holds(CodecMatch.IsCompatible(codec, plain) == CodecMatch.IsCompatible(plain, codec), "matching is symmetric");
            Property.Holds(
                CodecMatch.IsCompatible(codec, codec) || !CodecMatch.IsCompatible(codec, plain),
                "what matches the default matches itself");
        }
    }
}
