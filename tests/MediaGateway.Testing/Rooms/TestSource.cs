using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Testing.Rooms;

/// <summary>
/// A camera or microphone of a <see cref="TestParticipant"/>: remembers every frame it has sent, so that each receiver can be checked.
/// </summary>
public sealed class TestSource
{
    public static readonly ImmutableArray<Rid> SimulcastRids = [new("q"), new("h"), new("f")];

    internal TestSource(int id, TestParticipant publisher, MediaKind kind, CodecKind codec, bool isSimulcast, Random random,
        TrackSource? shows)
    {
        Id = id;
        Publisher = publisher;
        Kind = kind;
        Codec = codec;
        Cid = $"cid-{id}";
        Source = shows ?? (kind == MediaKind.Audio ? TrackSource.Microphone : TrackSource.Camera);
        Interval = kind == MediaKind.Audio ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromMilliseconds(66);
        IEnumerable<Rid?> rids = isSimulcast ? SimulcastRids.Select(rid => (Rid?)rid) : [null];
        Encodings = [.. rids.Select((rid, index) => new TestEncoding(this, index, rid, Draw(random), random))];
    }

    /// <summary>Stands in every payload.</summary>
    public int Id { get; }

    public TestParticipant Publisher { get; }

    public MediaKind Kind { get; }

    public CodecKind Codec { get; }

    /// <summary>The client's track id.</summary>
    public string Cid { get; }

    public ImmutableArray<TestEncoding> Encodings { get; }

    public bool IsSimulcast => Encodings.Length > 1;

    /// <summary>The track id in the description, where it is another one than in the announcement (Firefox).</summary>
    public string? DescribedCid { get; init; }

    public int MaxPacketsPerFrame { get; init; } = 3;

    /// <summary>Packets in every frame, by encoding; null for a random number.</summary>
    public ImmutableArray<int>? PacketsPerFrame { get; set; }

    /// <summary>The kind of source that the request names.</summary>
    public TrackSource Source { get; }

    /// <summary>Time between frames or packets.</summary>
    public TimeSpan Interval { get; set; }

    /// <summary>Level of the audio, in -dBov.</summary>
    public byte Decibels { get; set; } = 127;

    /// <summary>Nothing is sent.</summary>
    public bool IsSilent { get; set; }

    /// <summary>The publisher has said that it is muted, and the gateway has heard.</summary>
    public bool IsMuted { get; set; }

    /// <summary>Given by the gateway when the announcement was taken.</summary>
    public TrackSid? Sid { get; set; }

    /// <summary>Name of the source's section.</summary>
    public Mid Mid { get; set; }

    internal MonotonicTime NextFrame { get; private set; }

    internal TrackRequest Request => new()
    {
        Cid = Cid,
        Kind = Kind,
        Name = $"track {Id}",
        Source = Source,
        Width = Kind == MediaKind.Video ? 1280 : 0,
        Height = Kind == MediaKind.Video ? 720 : 0,
        Layers = IsSimulcast
            ?
            [
                new VideoLayer(VideoQuality.Low, 320, 180, 150_000, "q", 0),
                new VideoLayer(VideoQuality.Medium, 640, 360, 500_000, "h", 0),
                new VideoLayer(VideoQuality.High, 1280, 720, 1_700_000, "f", 0),
            ]
            : [],
    };

    /// <summary>Finds the frame that a packet says it is of; null when it is of none.</summary>
    internal TestFrame? FindFrame(in MediaPacket packet) =>
        TestMediaPayload.TryRead(packet.View.Payload, packet.Codec.Kind, out int id, out int encoding, out int number, out _)
        && id == Id && encoding < Encodings.Length && number < Encodings[encoding].Frames.Count
            ? Encodings[encoding].Frames[number]
            : null;

    /// <summary>Sends what is due; returns when there is more.</summary>
    internal MonotonicTime Send(PeerTransport transport, HeaderExtensionMap extensions, MonotonicTime now)
    {
        if (NextFrame == default)
            NextFrame = now;
        while (NextFrame <= now)
        {
            NextFrame += Interval;
            if (IsSilent)
                continue;
            foreach (TestEncoding encoding in Encodings)
            {
                if (transport.Rtp.Senders.FirstOrDefault(sender => sender.Stream.Ssrc == encoding.Local.Primary) is { } sender)
                    encoding.SendFrame(sender, extensions, now);
            }
        }
        return NextFrame;
    }

    private LocalSource Draw(Random random) => new(
        new Ssrc((uint)random.NextInt64(1, uint.MaxValue)),
        Kind == MediaKind.Video ? new Ssrc((uint)random.NextInt64(1, uint.MaxValue)) : null,
        "participant",
        "stream",
        DescribedCid ?? Cid);
}
