using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.CommandLine;

/// <summary><c>mediagateway token create</c>: signs an access token.</summary>
internal sealed class TokenCommand(ConfigurationOptions configurationOptions, TimeProvider clock)
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(6);

    private readonly SigningKeyOptions _signing = new(configurationOptions);
    private readonly Option<string> _identity = new("--identity") { Description = "Who bears the token.", Required = true };
    private readonly Option<string> _room = new("--room", "--stream")
    { Description = "The room or live stream it is for. Not needed with --room-create, --room-list or --node-admin." };
    private readonly Option<bool> _publish = new("--publish") { Description = "Allow sending. Neither this nor --subscribe allows both." };
    private readonly Option<bool> _subscribe = new("--subscribe") { Description = "Allow receiving." };
    private readonly Option<string?> _name = new("--name") { Description = "What others in the room see instead of the identity." };
    private readonly Option<string?> _metadata = new("--metadata")
    { Description = "What the application says about the bearer, for others in the room." };
    private readonly Option<bool?> _publishData = new("--can-publish-data")
    { Description = "Allow sending data in the room. Default: as sending media." };
    private readonly Option<bool> _updateMetadata = new("--can-update-metadata")
    { Description = "Allow changing the own name, metadata and attributes." };
    private readonly Option<bool> _hidden = new("--hidden") { Description = "Others in the room don't learn of the bearer." };
    private readonly Option<bool> _roomAdmin = new("--room-admin") { Description = "Allow directing the room and who is in it." };
    private readonly Option<bool> _roomCreate = new("--room-create") { Description = "Allow opening and deleting rooms." };
    private readonly Option<bool> _roomList = new("--room-list") { Description = "Allow listing rooms." };
    private readonly Option<bool> _control = new("--control")
    { Description = "Allow directing the live stream, or the room, through the control API." };
    private readonly Option<bool> _nodeAdmin = new("--node-admin")
    { Description = "Allow everything of the control API, on all rooms, streams and the node." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON with the token, its identity, room and expiry." };
    private readonly Option<TimeSpan?> _validFor = new("--valid-for")
    {
        Description = "Lifetime, such as 30m, 6h or 7d. Default: 6h.",
        CustomParser = ParseLifetime,
        HelpName = "duration",
    };

    public Command Create()
    {
        _identity.Validators.Add(
            Require(_identity, text => ParticipantIdentity.TryParse(text, out _), "--identity takes 1 to 256 characters."));
        _room.Validators.Add(Require(
            _room, text => StreamName.TryParse(text, out _), "--room takes 1 to 128 letters, digits, '-', '.', '_' or '~'."));
        Command create = new("create", "Sign an access token and print it.")
        {
            _identity, _room, _publish, _subscribe, _name, _metadata, _publishData, _updateMetadata, _hidden,
            _roomAdmin, _roomCreate, _roomList, _control, _nodeAdmin, _validFor, _signing.Key, _signing.Secret, _json,
        };
        create.Validators.Add(RequireScope);
        create.SetAction(Run);
        return new Command("token", "Access tokens.") { create };
    }

    /// <summary>A token that is for no room and grants nothing else is good for nothing.</summary>
    private void RequireScope(CommandResult command)
    {
        bool isForAll = command.GetValue(_roomCreate) || command.GetValue(_roomList) || command.GetValue(_nodeAdmin);
        if (!isForAll && command.GetResult(_room) is null)
            command.AddError("Say what the token is for: --room ROOM, --stream STREAM, --room-create, --room-list or --node-admin.");
    }

    private int Run(ParseResult command)
    {
        if (!_signing.TryGet(command, out string key, out string secret))
            return 1;
        TokenRequest request = RequestOf(command);
        DateTimeOffset now = clock.GetUtcNow();
        string token = TokenIssuer.Issue(key, secret, request, now);
        command.InvocationConfiguration.Output.WriteLine(command.GetValue(_json) ? Json(token, request, now + request.ValidFor) : token);
        return 0;
    }

    private TokenRequest RequestOf(ParseResult command)
    {
        bool publish = command.GetValue(_publish);
        bool subscribe = command.GetValue(_subscribe);
        bool both = !publish && !subscribe;
        return new TokenRequest(
            command.GetValue(_identity)!,
            command.GetValue(_room) ?? "",
            both || publish,
            both || subscribe,
            command.GetValue(_validFor) ?? DefaultLifetime)
        {
            Name = command.GetValue(_name) ?? "",
            Metadata = command.GetValue(_metadata) ?? "",
            CanPublishData = command.GetValue(_publishData) ?? (both || publish),
            CanUpdateOwnMetadata = command.GetValue(_updateMetadata),
            Hidden = command.GetValue(_hidden),
            RoomAdmin = command.GetValue(_roomAdmin),
            RoomCreate = command.GetValue(_roomCreate),
            RoomList = command.GetValue(_roomList),
            Control = command.GetValue(_control),
            NodeAdmin = command.GetValue(_nodeAdmin),
        };
    }

    private static string Json(string token, TokenRequest request, DateTimeOffset expires)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("token", token);
            writer.WriteString("identity", request.Identity);
            writer.WriteString("room", request.Room);
            writer.WriteString("expiresAt", expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static TimeSpan? ParseLifetime(ArgumentResult result)
    {
        if (!Lifetime.TryParse(result.Tokens[0].Value, out TimeSpan lifetime))
            result.AddError("--valid-for takes a duration such as 30m, 6h or 7d.");
        return lifetime;
    }

    private static Action<OptionResult> Require(Option<string> option, Predicate<string> isValid, string message) => result =>
    {
        if (result.GetValue(option) is { } value && !isValid(value))
            result.AddError(message);
    };
}
