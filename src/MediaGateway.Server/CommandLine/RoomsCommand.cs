using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using MediaGateway.V1;

namespace MediaGateway.Server.CommandLine;

/// <summary><c>mediagateway rooms</c>.</summary>
internal sealed class RoomsCommand(ControlConnection connection)
{
    private readonly Argument<string> _room = new("room") { Description = "The room's name." };
    private readonly Option<string?> _preset = new("--preset") { Description = "A preset of the gateway's configuration." };
    private readonly Option<string?> _metadata = new("--metadata") { Description = "What the application keeps with it." };
    private readonly Option<int?> _maxParticipants = new("--max-participants") { Description = "0 for no limit but the gateway's." };
    private readonly Option<int?> _emptyTimeout = new("--empty-timeout") { Description = "Seconds it waits for its first participant." };
    private readonly Option<int?> _departureTimeout = new("--departure-timeout")
    { Description = "Seconds it stays after its last participant left." };

    public Command Create() => connection.Group(
        "rooms",
        "Meeting rooms of a running gateway.",
        connection.List("list", "List rooms.", (client, _, page) => client.Rooms.ListRoomsAsync(new ListRoomsRequest
        { PageSize = ControlConnection.PageSize, PageToken = page }), (answer, output) => Show(answer.Rooms, output)),
        connection.Call("get", "Show a room.", (client, command) => client.Rooms.GetRoomAsync(new GetRoomRequest
        { Name = command.GetValue(_room) }), (answer, output) => Show([answer.Room], output), _room),
        connection.Call("create", "Open a room.", (client, command) => client.Rooms.CreateRoomAsync(CreateRequest(command)),
        (answer, output) => Show([answer.Room], output), _room, _preset, _metadata, _maxParticipants, _emptyTimeout, _departureTimeout),
        connection.Call("update", "Change what is given.", (client, command) =>
        client.Rooms.UpdateRoomAsync(UpdateRequest(command)), (answer, output) =>
        Show([answer.Room], output), _room, _metadata, _maxParticipants, _emptyTimeout, _departureTimeout),
        connection.Call("delete", "Close a room.", (client, command) => client.Rooms.DeleteRoomAsync(new DeleteRoomRequest
        { Name = command.GetValue(_room) }), (_, output) => output.WriteLine("Closed."), _room));

    private CreateRoomRequest CreateRequest(ParseResult command)
    {
        var request = new CreateRoomRequest
        {
            Name = command.GetValue(_room),
            Preset = command.GetValue(_preset) ?? "",
            EmptyTimeout = SecondsOf(command.GetValue(_emptyTimeout)),
            DepartureTimeout = SecondsOf(command.GetValue(_departureTimeout)),
        };
        if (command.GetValue(_metadata) is { } metadata)
            request.Metadata = metadata;
        if (command.GetValue(_maxParticipants) is { } max)
            request.MaxParticipants = max;
        return request;
    }

    private UpdateRoomRequest UpdateRequest(ParseResult command)
    {
        var request = new UpdateRoomRequest
        {
            Name = command.GetValue(_room),
            EmptyTimeout = SecondsOf(command.GetValue(_emptyTimeout)),
            DepartureTimeout = SecondsOf(command.GetValue(_departureTimeout)),
        };
        if (command.GetValue(_metadata) is { } metadata)
            request.Metadata = metadata;
        if (command.GetValue(_maxParticipants) is { } max)
            request.MaxParticipants = max;
        return request;
    }

    private static void Show(IEnumerable<Room> rooms, TextWriter output)
    {
        TextTable table = new("ROOM", "SID", "PEOPLE", "PUBLISHERS", "MAX", "OPENED", "METADATA");
        foreach (Room room in rooms)
            table.Add(room.Name, room.Sid, Text(room.ParticipantCount), Text(room.PublisherCount), Text(room.MaxParticipants),
                room.CreateTime.ToDateTime().ToString("u", CultureInfo.InvariantCulture), room.Metadata);
        table.Write(output);
    }

    private static Duration? SecondsOf(int? seconds) => seconds is { } value ? new Duration { Seconds = value } : null;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
