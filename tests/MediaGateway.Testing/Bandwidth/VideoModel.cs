using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>The picture that a <see cref="ModelPublisher"/> shows.</summary>
public sealed record VideoModel
{
    /// <summary>A camera of a browser: VP8 with three encodings of three temporal layers.</summary>
    public static readonly VideoModel Camera = new()
    {
        Encodings = [new(new Rid("q"), 0.15, 8_000), new(new Rid("h"), 0.5, 25_000), new(new Rid("f"), 1.7, 90_000)],
        HasTemporalLayers = true,
    };

    /// <summary>A production over WHIP, such as OBS: one H.264 encoding of 4 Mb/s with a key frame every 2 s.</summary>
    public static readonly VideoModel Production = new()
    {
        Codec = CodecKind.H264,
        Encodings = [new(null, 3.4, 150_000)],
        KeyFrameInterval = TimeSpan.FromSeconds(2),
    };

    /// <summary>A shared screen: 15 pictures a second that are nothing while it stands and 3 Mb/s for as long as something moves.</summary>
    public static readonly VideoModel Screen = new()
    {
        Encodings = [new(null, 3, 120_000)],
        Interval = TimeSpan.FromSeconds(1 / 15.0),
        MeanBurst = TimeSpan.FromSeconds(1),
        MeanRest = TimeSpan.FromSeconds(3),
    };

    public CodecKind Codec { get; init; } = CodecKind.Vp8;

    /// <summary>Encodings from the least to the best.</summary>
    public required ImmutableArray<EncodingModel> Encodings { get; init; }

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1 / 30.0);

    public bool HasTemporalLayers { get; init; }

    /// <summary>Time between key frames that nobody asked for; null without.</summary>
    public TimeSpan? KeyFrameInterval { get; init; }

    /// <summary>Mean time of movement; zero for a picture that always moves.</summary>
    public TimeSpan MeanBurst { get; init; }

    /// <summary>Mean time of rest between two movements.</summary>
    public TimeSpan MeanRest { get; init; }

    /// <summary>
    /// Rate of an encoding on the wire with its planned key frames, Mb/s: 12 bytes of RTP, 8 of extensions, 16 of SRTP, 28 of UDP and IP.
    /// </summary>
    public double WireMegabits(int encoding)
    {
        EncodingModel model = Encodings[encoding];
        double perSecond = model.Megabits * 1e6 / 8;
        if (KeyFrameInterval is { } interval)
            perSecond += model.KeyFrameBytes / interval.TotalSeconds;
        double packets = Math.Max(1 / Interval.TotalSeconds, perSecond / ModelEncoding.MaxPayload);
        return (perSecond + packets * 64) * 8 / 1e6;
    }
}
