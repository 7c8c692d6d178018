using Google.Protobuf.WellKnownTypes;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Rooms.Tracks;
using SlatePattern = MediaGateway.Sfu.LiveStreams.SlatePattern;
using TrackSource = MediaGateway.Sfu.Rooms.Tracks.TrackSource;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>Live streams and their sources as the control API's messages.</summary>
internal static class StreamModels
{
    private const int MaxIdLength = 64;
    private const int MaxNameLength = 256;

    public static V1.LiveStream Of(LiveStreamSnapshot stream) => new()
    {
        Name = stream.Name,
        Sources = { stream.Sources.Select(Of) },
        Program = stream.Program,
        Preview = stream.Preview,
        Pending = stream.Pending,
        Audio = stream.Audio,
        Failover = stream.Failover,
        ViewerCount = stream.ViewerCount,
        Kept = stream.IsKept,
        Metadata = stream.Metadata,
        ProgramTime = ControlModels.TimeOf(stream.ProgramSince),
        CutCount = stream.CutCount,
    };

    public static V1.LiveStreamStats Of(LiveStreamStats stats) => new()
    {
        Name = stats.Name,
        ViewerCount = stats.ViewerCount,
        PacketsSent = stats.PacketsSent,
        BytesSent = stats.BytesSent,
        PacketsLost = stats.PacketsLost,
        WorstFractionLost = stats.WorstFractionLost,
        LongestRoundTripTime = stats.LongestRoundTrip is { } roundTrip ? Duration.FromTimeSpan(roundTrip) : null,
        Sources = { stats.Sources.Select(Of) },
        LimitedViewers =
        {
            stats.LimitedViewers
                .Select(limited => new V1.LimitedViewers { Cause = ControlModels.Of(limited.Key), ViewerCount = limited.Value }),
        },
        Lines = LineModels.Of(stats.Lines),
        LayerViewers =
        {
            stats.LayerViewers.Select(layer => new V1.LayerViewers { SpatialLayer = layer.Key, ViewerCount = layer.Value }),
        },
    };

    /// <exception cref="ContractException">It says nothing, or what cannot be.</exception>
    public static SourceDescription Read(V1.SourceSpec? source)
    {
        if (source is null)
            throw Refusal.Invalid("source", "source is missing.");
        if (source.Id.Length is 0 or > MaxIdLength
            || !source.Id.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_'))
            throw Refusal.Invalid("source.id", $"A source's id has 1 to {MaxIdLength} letters, digits, '-', '.' or '_'.");
        if (source.Name.Length > MaxNameLength)
            throw Refusal.Invalid("source.name", $"A source's name has {MaxNameLength} characters at most.");
        return source.SourceCase switch
        {
            V1.SourceSpec.SourceOneofCase.Participant => Read(source.Id, source.Name, source.Participant),
            V1.SourceSpec.SourceOneofCase.Publisher => StreamName.TryParse(source.Publisher.Stream, out StreamName stream)
                ? new SourceDescription.Publisher(source.Id, source.Name, stream.Value)
                : throw Refusal.Invalid("source.publisher.stream", "A publisher source names a live stream."),
            V1.SourceSpec.SourceOneofCase.Slate => new SourceDescription.Slate(source.Id, source.Name, Read(source.Slate.Pattern)),
            _ => throw Refusal.Invalid("source.source", "A source is a participant, a publisher or a slate."),
        };
    }

    private static SourceDescription.Participant Read(string id, string name, V1.ParticipantSource source)
    {
        return new SourceDescription.Participant(
            id,
            name,
            Arguments.RequireRoomName(source.Room),
            Arguments.RequireIdentity(source.Identity),
            source.Video == V1.TrackSource.Unspecified ? TrackSource.Camera : ControlModels.Read(source.Video),
            source.Audio == V1.TrackSource.Unspecified ? TrackSource.Microphone : ControlModels.Read(source.Audio));
    }

    private static SlatePattern Read(V1.SlatePattern pattern) => pattern switch
    {
        V1.SlatePattern.Unspecified or V1.SlatePattern.Bars => SlatePattern.Bars,
        V1.SlatePattern.Black => SlatePattern.Black,
        _ => throw Refusal.Invalid("source.slate.pattern", "A slate's pattern is BARS or BLACK."),
    };

    private static V1.StreamSource Of(SourceInfo source) => new()
    {
        Spec = Of(source.Description),
        Status = new V1.SourceStatus
        {
            Live = source.IsLive,
            HasVideo = source.HasVideo,
            HasAudio = source.HasAudio,
            VideoMimeType = source.VideoCodec is { } codec ? MimeTypes.Of(codec) : "",
            BitsPerSecond = source.VideoRate.BitsPerSecond,
        },
    };

    private static V1.SourceSpec Of(SourceDescription source)
    {
        var message = new V1.SourceSpec { Id = source.Id, Name = source.Name };
        switch (source)
        {
            case SourceDescription.OwnPublisher:
                message.Publisher = new V1.PublisherSource();
                break;
            case SourceDescription.Publisher publisher:
                message.Publisher = new V1.PublisherSource { Stream = publisher.Stream };
                break;
            case SourceDescription.Participant participant:
                message.Participant = new V1.ParticipantSource
                {
                    Room = participant.Room,
                    Identity = participant.Identity,
                    Video = ControlModels.Of(participant.Video),
                    Audio = ControlModels.Of(participant.Audio),
                };
                break;
            case SourceDescription.Slate slate:
                message.Slate = new V1.SlateSource
                { Pattern = slate.Pattern == SlatePattern.Black ? V1.SlatePattern.Black : V1.SlatePattern.Bars };
                break;
        }
        return message;
    }
}
