using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.Sfu.Rooms;


namespace MediaGateway.Sfu.LiveStreams;

/// <summary>What a source of a live stream is, as its director says it.</summary>
/// <param name="Id">Its name among the stream's sources.</param>
/// <param name="Name">For people to read.</param>
public abstract record SourceDescription(string Id, string Name)
{
    /// <summary>The id of the source that every stream has: its own publisher.</summary>
    public const string OwnPublisherId = "publisher";

    /// <summary>The stream's own publisher.</summary>
    public sealed record OwnPublisher() : SourceDescription(OwnPublisherId, "");

    /// <summary>Whoever publishes another stream.</summary>
    public sealed record Publisher(string Id, string Name, string Stream) : SourceDescription(Id, Name);

    /// <summary>A member of a room, and which of its tracks.</summary>
    public sealed record Participant(string Id, string Name, string Room, string Identity, TrackSource Video, TrackSource Audio)
        : SourceDescription(Id, Name);

    /// <summary>A picture that is always there.</summary>
    public sealed record Slate(string Id, string Name, SlatePattern Pattern) : SourceDescription(Id, Name);
}
