using System.CommandLine;
using System.Globalization;
using Google.Protobuf;
using MediaGateway.V1;

namespace MediaGateway.Server.CommandLine;

/// <summary><c>mediagateway participants</c> and <c>mediagateway tracks</c>.</summary>
internal sealed class ParticipantsCommand(ControlConnection connection)
{
    private readonly Argument<string> _room = new("room") { Description = "The room's name." };
    private readonly Argument<string> _identity = new("identity") { Description = "Who." };
    private readonly Argument<string> _track = new("track") { Description = "The track's sid." };
    private readonly Argument<string> _destination = new("destination") { Description = "The other room's name." };
    private readonly Argument<string> _text = new("text") { Description = "What to say." };
    private readonly Option<bool> _off = new("--off") { Description = "The other way round: let it be heard or seen again." };
    private readonly Option<string?> _name = new("--name") { Description = "For people to read." };
    private readonly Option<string?> _metadata = new("--metadata") { Description = "What the application keeps with it." };
    private readonly Option<string[]> _to = new("--to")
    { Description = "Only to these identities.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _subscriber = new("--subscriber") { Description = "Only to this participant." };
    private readonly Option<VideoQuality> _maxQuality = new("--max-quality")
    { Description = "The highest layer: off, low, medium or high." };
    private readonly Option<long> _maxBitrate = new("--max-bitrate") { Description = "Bits per second of the highest layer." };
    private readonly Option<string?> _topic = new("--topic") { Description = "What it is about." };

    public Command Create() => connection.Group(
        "participants",
        "Who is in a running gateway's rooms.",
        connection.List("list", "List a room's participants.", (client, command, page) =>
        client.Participants.ListParticipantsAsync(new ListParticipantsRequest
        { Room = command.GetValue(_room), PageSize = ControlConnection.PageSize, PageToken = page }),
        (answer, output) => Show(answer.Participants, output), _room),
        connection.Call("get", "Show one of them.", (client, command) =>
        client.Participants.GetParticipantAsync(new GetParticipantRequest
        {
            Room = command.GetValue(_room),
            Identity = command.GetValue(_identity)
        }), (answer, output) => Show([answer.Participant], output), _room, _identity),
        connection.Call("update", "Change a name or metadata.", (client, command) => client.Participants.UpdateParticipantAsync(
        UpdateRequest(command)), (answer, output) => Show([answer.Participant], output), _room, _identity, _name, _metadata),
        connection.Call("move", "Send somebody to another room.", (client, command) =>
        client.Participants.MoveParticipantAsync(new MoveParticipantRequest
        { Room = command.GetValue(_room), Identity = command.GetValue(_identity), DestinationRoom = command.GetValue(_destination) }),
        (_, output) => output.WriteLine("On its way."), _room, _identity, _destination),
        connection.Call("forward", "Show somebody in another room as well.", (client, command) =>
        client.Participants.ForwardParticipantAsync(new ForwardParticipantRequest
        { Room = command.GetValue(_room), Identity = command.GetValue(_identity), DestinationRoom = command.GetValue(_destination) }),
        (answer, output) => Show([answer.Participant], output), _room, _identity, _destination),
        connection.Call("stop-forwarding", "Show somebody there no longer.", (client, command) =>
        client.Participants.StopForwardingAsync(new StopForwardingRequest
        { Room = command.GetValue(_room), Identity = command.GetValue(_identity), DestinationRoom = command.GetValue(_destination) }),
        (_, output) => output.WriteLine("No longer shown."), _room, _identity, _destination),
        connection.Call("remove", "Send somebody away.", (client, command) =>
        client.Participants.RemoveParticipantAsync(new RemoveParticipantRequest
        {
            Room = command.GetValue(_room),
            Identity = command.GetValue(_identity)
        }), (_, output) => output.WriteLine("Removed."), _room, _identity),
        connection.Call("say", "Send text as a data packet.", (client, command) => client.Participants.SendDataAsync(DataRequest(command)),
        (answer, output) => output.WriteLine($"To {answer.RecipientCount} participants."), _room, _text, _to, _topic),
        new LineTables(connection).OfRoom());

    public Command CreateTracks() => connection.Group(
        "tracks",
        "What is published and received in a running gateway's rooms.",
        connection.List("list", "List what is published, with its numbers.", (client, command, page) =>
        client.Tracks.ListPublicationsAsync(new ListPublicationsRequest
        { Room = command.GetValue(_room), PageSize = ControlConnection.PageSize, PageToken = page }),
        (answer, output) => Show(answer.Publications, output), _room),
        connection.List("subscriptions", "List who receives what, with its numbers.", (client, command, page) =>
        client.Tracks.ListSubscriptionsAsync(new ListSubscriptionsRequest
        { Room = command.GetValue(_room), PageSize = ControlConnection.PageSize, PageToken = page }),
        (answer, output) => Show(answer.Subscriptions, output), _room),
        connection.Call("mute", "Mute a track.", (client, command) =>
        client.Participants.MuteTrackAsync(new MuteTrackRequest
        {
            Room = command.GetValue(_room),
            Identity = command.GetValue(_identity),
            TrackSid = command.GetValue(_track),
            Muted = !command.GetValue(_off)
        }), (answer, output) =>
            output.WriteLine(answer.Track.Muted ? "Muted." : "No longer muted."), _room, _identity, _track, _off),
        connection.Call("limit", "Cap what of a video track is forwarded, to everybody or to one; without a cap, lift it.",
        (client, command) => client.Tracks.SetTrackLimitsAsync(LimitsRequest(command)), (_, output) =>
        output.WriteLine("Done."), _room, _track, _subscriber, _maxQuality, _maxBitrate),
        connection.Call("key-frame", "Ask a video track's publisher for a key frame.", (client, command) =>
        client.Tracks.RequestKeyFrameAsync(new RequestKeyFrameRequest
        {
            Room = command.GetValue(_room),
            TrackSid = command.GetValue(_track)
        }), (_, output) => output.WriteLine("Asked."), _room, _track));

    private UpdateParticipantRequest UpdateRequest(ParseResult command)
    {
        var request = new UpdateParticipantRequest { Room = command.GetValue(_room), Identity = command.GetValue(_identity) };
        if (command.GetValue(_name) is { } name)
            request.Name = name;
        if (command.GetValue(_metadata) is { } metadata)
            request.Metadata = metadata;
        return request;
    }

    private SetTrackLimitsRequest LimitsRequest(ParseResult command) => new()
    {
        Room = command.GetValue(_room),
        TrackSid = command.GetValue(_track),
        SubscriberIdentity = command.GetValue(_subscriber) ?? "",
        Limits = new TrackLimits { MaxQuality = command.GetValue(_maxQuality), MaxBitsPerSecond = command.GetValue(_maxBitrate) },
    };

    private SendDataRequest DataRequest(ParseResult command) => new()
    {
        Room = command.GetValue(_room),
        Data = ByteString.CopyFromUtf8(command.GetValue(_text)),
        DestinationIdentities = { command.GetValue(_to) ?? [] },
        Topic = command.GetValue(_topic) ?? "",
    };

    private static void Show(IEnumerable<Participant> participants, TextWriter output)
    {
        TextTable table = new("IDENTITY", "NAME", "STATE", "TRACKS", "SINCE", "SID");
        foreach (Participant participant in participants)
            table.Add(participant.Identity, participant.Name, participant.State.ToString(),
                string.Join(", ", participant.Tracks.Select(track => $"{track.Source}{(track.Muted ? " (muted)" : "")}")),
                participant.JoinTime.ToDateTime().ToString("u", CultureInfo.InvariantCulture), participant.Sid);
        table.Write(output);
    }

    private static void Show(IEnumerable<Publication> publications, TextWriter output)
    {
        TextTable table = new("IDENTITY", "SOURCE", "TYPE", "SIZE", "KB/S", "LOST", "SUBSCRIBERS", "SID");
        foreach (Publication publication in publications)
        {
            table.Add(
                publication.Identity,
                $"{publication.Track.Source}{(publication.Track.Muted ? " (muted)" : "")}",
                publication.Track.MimeType,
                publication.Track.Width > 0 ? $"{publication.Track.Width}x{publication.Track.Height}" : "",
                string.Join(" + ",
                publication.Encodings.Where(encoding => encoding.Active).Select(encoding => Text(encoding.BitsPerSecond / 1000))),
                Text(publication.Encodings.Sum(encoding => encoding.PacketsLost)),
                Text(publication.SubscriberCount),
                publication.Track.Sid);
        }
        table.Write(output);
    }

    private static void Show(IEnumerable<Subscription> subscriptions, TextWriter output)
    {
        TextTable table = new("SUBSCRIBER", "PUBLISHER", "TRACK", "LAYER", "SIZE", "LIMITED BY", "PACKETS", "LOST", "ROUND TRIP");
        foreach (Subscription subscription in subscriptions)
        {
            table.Add(
                subscription.SubscriberIdentity,
                subscription.PublisherIdentity,
                subscription.TrackSid,
                subscription.SpatialLayer >= 0 ? $"S{subscription.SpatialLayer} T{subscription.TemporalLayer}"
                    : subscription.Paused ? "paused" : "none",
                subscription.Height > 0 ? $"{subscription.Width}x{subscription.Height}" : "",
                subscription.LimitedBy switch
                {
                    LimitCause.Wish => "its wish",
                    LimitCause.Director => "a director",
                    LimitCause.Overload => "overload",
                    LimitCause.Bandwidth => "its line",
                    _ => "",
                },
                Text(subscription.PacketsSent),
                $"{subscription.FractionLost:P1}",
                subscription.RoundTripTime is { } roundTrip ? $"{roundTrip.ToTimeSpan().TotalMilliseconds:F0} ms" : "");
        }
        table.Write(output);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
