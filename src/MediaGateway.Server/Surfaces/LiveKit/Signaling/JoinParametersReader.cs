using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>
/// Reads the query of /rtc and /rtc/v1: single parameters, as early SDKs and plain pages send them, or all of them in
/// one <c>join_request</c>.
/// </summary>
internal sealed class JoinParametersReader(int maxRequestBytes)
{
    /// <summary>Characters of metadata, and of all attributes together.</summary>
    private const int MaxTextLength = 64 * 1024;

    /// <summary>Tracks that may be announced with the join.</summary>
    private const int MaxFirstTracks = 64;

    private const int MaxCapabilities = 32;

    private const int MaxAttributesDepth = 2;

    /// <param name="query">The request's.</param>
    /// <param name="singlePeerConnection">Whether the path is that of the single connection.</param>
    /// <param name="parameters">What it asks for.</param>
    /// <param name="problem">What is wrong with it, for its sender; quotes nothing of the input.</param>
    public bool TryRead(
        IQueryCollection query,
        bool singlePeerConnection,
        [NotNullWhen(true)] out JoinParameters? parameters,
        [NotNullWhen(false)] out string? problem)
    {
        string joinRequest = query["join_request"].ToString();
        bool isRead = singlePeerConnection && joinRequest.Length > 0
            ? TryReadJoinRequest(joinRequest, out parameters, out problem)
            : TryReadSingle(query, singlePeerConnection, out parameters, out problem);
        if (isRead && query["format"] == "json")
            parameters = parameters! with { StartsInJson = true };
        return isRead;
    }

    private bool TryReadJoinRequest(
        string text, [NotNullWhen(true)] out JoinParameters? parameters, [NotNullWhen(false)] out string? problem)
    {
        parameters = null;
        if (!JoinRequestCodec.TryDecode(text, maxRequestBytes, out JoinRequest? request))
        {
            problem = $"join_request is not the base64url of a WrappedJoinRequest of at most {maxRequestBytes} bytes.";
            return false;
        }
        problem = ProblemOf(request);
        if (problem is not null)
            return false;
        parameters = From(request);
        return true;
    }

    private static string? ProblemOf(JoinRequest request)
    {
        if (request.Metadata.Length > MaxTextLength || LengthOf(request.ParticipantAttributes) > MaxTextLength)
            return $"metadata and attributes may have {MaxTextLength} characters each.";
        if (request.AddTrackRequests.Count > MaxFirstTracks)
            return $"a join request may announce {MaxFirstTracks} tracks.";
        return request.ClientInfo?.Capabilities.Count > MaxCapabilities ? $"a client may have {MaxCapabilities} capabilities." : null;
    }

    private static JoinParameters From(JoinRequest request)
    {
        ClientInfo client = request.ClientInfo ?? new ClientInfo();
        return new JoinParameters
        {
            SinglePeerConnection = true,
            Protocol = client.Protocol,
            ClientProtocol = client.ClientProtocol,
            Capabilities = [.. client.Capabilities.Select(capability => (int)capability)],
            AutoSubscribe = request.ConnectionSettings?.AutoSubscribe ?? true,
            IsReconnect = request.Reconnect,
            ParticipantSid = SidOf(request.ParticipantSid),
            Metadata = request.Metadata,
            Attributes = request.ParticipantAttributes.ToImmutableDictionary(),
            FirstRequests = [.. FirstRequests(request)],
        };
    }

    private static IEnumerable<SignalRequest> FirstRequests(JoinRequest request)
    {
        if (request.SyncState is { } syncState && request.Reconnect)
            yield return new SignalRequest { SyncState = syncState };
        foreach (AddTrackRequest track in request.AddTrackRequests)
            yield return new SignalRequest { AddTrack = track };
        if (request.PublisherOffer is { } offer)
            yield return new SignalRequest { Offer = offer };
    }

    private static bool TryReadSingle(
        IQueryCollection query,
        bool singlePeerConnection,
        [NotNullWhen(true)] out JoinParameters? parameters,
        [NotNullWhen(false)] out string? problem)
    {
        parameters = null;
        if (!TryReadAttributes(query["attributes"].ToString(), out ImmutableDictionary<string, string> attributes))
        {
            problem = $"attributes is not the base64url of a JSON object of texts with {MaxTextLength} characters at most.";
            return false;
        }
        bool isPlainPage = query["sdk"].ToString().Length == 0;
        parameters = new JoinParameters
        {
            SinglePeerConnection = singlePeerConnection,
            IsPlainPage = isPlainPage,
            StartsInJson = isPlainPage,
            Protocol = Number(query["protocol"].ToString(), absent: isPlainPage ? JoinParameters.CurrentProtocol : 0),
            ClientProtocol = Number(query["client_protocol"].ToString(), absent: 0),
            Capabilities = [.. Capabilities(query["capabilities"].ToString())],
            AutoSubscribe = Flag(query["auto_subscribe"].ToString(), absent: true),
            IsReconnect = Flag(query["reconnect"].ToString(), absent: false),
            ParticipantSid = SidOf(query["sid"].ToString()),
            Attributes = attributes,
        };
        problem = null;
        return true;
    }

    private static bool Flag(string text, bool absent) => text.Length == 0 ? absent : text is "1" or "true";

    private static int Number(string text, int absent)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : absent;

    private static ParticipantSid? SidOf(string text) => text.Length == 0 ? null : new ParticipantSid(text);

    /// <summary>Names of capabilities; those the gateway does not know have no number to pass on.</summary>
    private static IEnumerable<int> Capabilities(string names) => names
        .Split(',', MaxCapabilities + 1, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Take(MaxCapabilities)
        .Select(name => ClientInfo.Descriptor.EnumTypes.Single(type => type.Name == "Capability").FindValueByName(name)?.Number)
        .OfType<int>();

    private static bool TryReadAttributes(string text, out ImmutableDictionary<string, string> attributes)
    {
        attributes = ImmutableDictionary<string, string>.Empty;
        if (text.Length == 0)
            return true;
        if (text.Length > 2 * MaxTextLength)
            return false;
        byte[] json = new byte[text.Length];
        if (Base64Url.DecodeFromChars(text, json, out _, out int length) != System.Buffers.OperationStatus.Done)
            return false;
        try
        {
            using JsonDocument document =
                JsonDocument.Parse(json.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = MaxAttributesDepth });
            return TryReadAttributes(document.RootElement, ref attributes);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryReadAttributes(JsonElement element, ref ImmutableDictionary<string, string> attributes)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return false;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!JsonText.TryGetName(property, out string name) || !JsonText.TryGet(property.Value, out string value))
                return false;
            attributes = attributes.SetItem(name, value);
        }
        return LengthOf(attributes) <= MaxTextLength;
    }

    private static long LengthOf(IEnumerable<KeyValuePair<string, string>> attributes)
        => attributes.Sum(attribute => (long)attribute.Key.Length + attribute.Value.Length);
}
