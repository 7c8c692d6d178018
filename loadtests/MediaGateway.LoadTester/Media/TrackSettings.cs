using System.Text.Json.Serialization;
using MediaGateway.Rtc.Codecs;

namespace MediaGateway.LoadTester.Media;

/// <summary>Settings of what a source sends.</summary>
internal sealed record TrackSettings
{
    public CodecKind Codec { get; init; } = CodecKind.Vp8;

    /// <summary>Bitrate of the packets' payloads, bits a second.</summary>
    public int Bitrate { get; init; } = 2_500_000;

    /// <summary>Simulcast: the bitrate of each encoding, the lowest first, in place of <see cref="Bitrate"/>; three at most.</summary>
    public IReadOnlyList<int> Encodings { get; init; } = [];

    /// <summary>Frames a second; for audio packets a second.</summary>
    public double FramesPerSecond { get; init; } = 30;

    /// <summary>The longest payload; a frame is cut into parts of equal length, as browsers do.</summary>
    public int MaxPayloadBytes { get; init; } = 1_180;

    /// <summary>Part of the time between two frames that a frame's packets are spread over; 0 sends them at once.</summary>
    public double Spread { get; init; }

    [JsonIgnore]
    public bool IsAudio => Codec == CodecKind.Opus;

    [JsonIgnore]
    public bool IsSimulcast => Encodings.Count > 1;

    /// <summary>Settings of each encoding, the lowest first; these settings alone without simulcast.</summary>
    [JsonIgnore]
    public IReadOnlyList<TrackSettings> Parts => Encodings.Count == 0 ? [this]
        : [.. Encodings.Select(bitrate => this with { Bitrate = bitrate, Encodings = [] })];

    public int FrameBytes => (int)Math.Max(64, Math.Round(Bitrate / 8.0 / FramesPerSecond));

    public int PacketsPerFrame => (FrameBytes + MaxPayloadBytes - 1) / MaxPayloadBytes;

    public int PayloadBytes => (FrameBytes + PacketsPerFrame - 1) / PacketsPerFrame;

    public TimeSpan FrameInterval => TimeSpan.FromSeconds(1 / FramesPerSecond);

    /// <summary>Packets a second of the highest encoding, which a viewer should receive.</summary>
    public double PacketsPerSecond => Parts[^1].PacketsPerFrame * FramesPerSecond;
}
