using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>Description of a live stream's source, by its director.</summary>
/// <param name="Id">Id among the stream's sources.</param>
/// <param name="Name">Name for people to read.</param>
public abstract record SourceDescription(string Id, string Name)
{
    /// <summary>The id of the source that every stream has: its own publisher.</summary>
    public const string OwnPublisherId = "publisher";

    /// <summary>The stream's own publisher.</summary>
    public sealed record OwnPublisher() : SourceDescription(OwnPublisherId, "");

    /// <summary>The publisher of another stream, whoever that is at the time.</summary>
    public sealed record Publisher(string Id, string Name, string Stream) : SourceDescription(Id, Name);

    /// <summary>A member of a room, and the tracks that are taken of it.</summary>
    public sealed record Participant(string Id, string Name, string Room, string Identity, TrackSource Video, TrackSource Audio)
        : SourceDescription(Id, Name);

    /// <summary>One of the gateway's pictures, which is always there.</summary>
    public sealed record Slate(string Id, string Name, SlatePattern Pattern) : SourceDescription(Id, Name);
}
