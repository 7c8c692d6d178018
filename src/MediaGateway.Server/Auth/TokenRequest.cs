using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Server.Auth;

/// <summary>Contents of a new token.</summary>
/// <param name="Identity">Who bears it.</param>
/// <param name="Room">The room or live stream it is for; empty for a back end's, which joins none.</param>
/// <param name="CanPublish">May go live.</param>
/// <param name="CanSubscribe">May watch.</param>
/// <param name="ValidFor">Lifetime from now.</param>
internal sealed record TokenRequest(string Identity, string Room, bool CanPublish, bool CanSubscribe, TimeSpan ValidFor)
{
    public bool CanPublishData { get; init; } = CanPublish;

    public bool CanUpdateOwnMetadata { get; init; }

    public bool RoomCreate { get; init; }

    public bool RoomList { get; init; }

    public bool RoomAdmin { get; init; }

    public bool Control { get; init; }

    public bool NodeAdmin { get; init; }

    public bool Hidden { get; init; }

    public bool Recorder { get; init; }

    /// <summary>Sources that may be published; empty for all.</summary>
    public ImmutableArray<TrackSource> CanPublishSources { get; init; } = [];

    /// <summary>Name that the others see instead of the identity; empty for none.</summary>
    public string Name { get; init; } = "";

    public string Metadata { get; init; } = "";

    public ImmutableDictionary<string, string> Attributes { get; init; } = ImmutableDictionary<string, string>.Empty;
}
