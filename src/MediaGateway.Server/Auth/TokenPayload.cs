using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Auth;

/// <summary>The payload of a token as far as the gateway reads it itself: what its bearer may do, and what it says about them.</summary>
internal sealed record TokenPayload
{
    public VideoClaim? Video { get; init; }

    public string? Name { get; init; }

    public string? Metadata { get; init; }

    public string? Kind { get; init; }

    public IReadOnlyDictionary<string, string?>? Attributes { get; init; }

    /// <param name="json">The payload, in UTF-8.</param>
    /// <param name="payload">What it says.</param>
    /// <param name="problem">What is wrong with it, to end the sentence "The token is refused: ...".</param>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out TokenPayload? payload,
        [NotNullWhen(false)] out string? problem)
    {
        payload = null;
        problem = "its payload is malformed";
        try
        {
            payload = JsonSerializer.Deserialize(json, TokenJson.Default.TokenPayload);
        }
        catch (JsonException malformed)
        {
            // The path is "$.video.room", or "$" alone.
            if (malformed.Path is { Length: > 2 } path)
                problem = $"its claim {path[2..]} is malformed";
        }
        catch (InvalidOperationException)
        {
            // JSON lets strings hold what is no text, such as half a surrogate pair.
        }
        if (payload is null)
            return false;
        if (payload.Video is null)
            problem = "it has no video claim, the grants";
        else if (payload.Attributes?.Values.Contains(null) == true)
            problem = "its claim attributes is malformed";
        else
            problem = null;
        return problem is null;
    }

    public VideoGrant ToGrant()
    {
        VideoClaim claim = Video ?? new VideoClaim();
        bool canPublish = claim.CanPublish ?? true;
        return new VideoGrant(claim.RoomJoin ?? false, claim.Room ?? "", canPublish, claim.CanSubscribe
            ?? true, SourcesOf(claim.CanPublishSources))
        {
            CanPublishData = claim.CanPublishData ?? canPublish,
            CanUpdateOwnMetadata = claim.CanUpdateOwnMetadata ?? false,
            RoomCreate = claim.RoomCreate ?? false,
            RoomList = claim.RoomList ?? false,
            RoomAdmin = claim.RoomAdmin ?? false,
            DestinationRoom = claim.DestinationRoom ?? "",
            Control = claim.Control ?? false,
            NodeAdmin = claim.NodeAdmin ?? false,
            Hidden = claim.Hidden ?? false,
            Recorder = claim.Recorder ?? false,
            Agent = claim.Agent ?? false,
        };
    }

    public ParticipantClaims ToClaims() => new()
    {
        Name = Name ?? "",
        Metadata = Metadata ?? "",
        Attributes = Attributes?.ToImmutableDictionary(pair => pair.Key, pair => pair.Value!) ?? ImmutableDictionary<string, string>.Empty,
        Kind = KindNamed(Kind),
    };

    private static TrackSources SourcesOf(IReadOnlyList<JsonElement>? names) =>
        names is null or [] ? TrackSources.All : names.Aggregate(TrackSources.None, (sources, name) => sources | SourceNamed(name));

    /// <summary>The source of this name; one that the gateway does not know grants nothing.</summary>
    private static TrackSources SourceNamed(JsonElement element) => JsonText.TryGet(element, out string name) ? name switch
    {
        "camera" => TrackSources.Camera,
        "microphone" => TrackSources.Microphone,
        "screen_share" => TrackSources.ScreenShare,
        "screen_share_audio" => TrackSources.ScreenShareAudio,
        _ => TrackSources.None,
    } : TrackSources.None;

    /// <summary>The kind of participant of this name; one that the gateway does not know is served like a standard one.</summary>
    private static ParticipantKind KindNamed(string? kind) => kind switch
    {
        "ingress" => ParticipantKind.Ingress,
        "egress" => ParticipantKind.Egress,
        "sip" => ParticipantKind.Sip,
        "agent" => ParticipantKind.Agent,
        _ => ParticipantKind.Standard,
    };
}
