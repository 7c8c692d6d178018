// Opens a room and watches what happens, whatever becomes of the gateway in between; ends when it has seen the gateway start again.
using MediaGateway.Client;
using MediaGateway.V1;

string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"Set {name}.");

using var gateway = new GatewayClient(
    Setting("GATEWAY"), GatewayCredentials.FromApiKey(Setting("API_KEY"), Setting("API_SECRET"), GatewayGrants.Everything, "example"));

var watch = new EventWatch
{
    Rooms = ["example"],
    Interrupted = (cause, pause) => Console.WriteLine($"interrupted: {cause.Message}"),
};
await foreach (GatewayEvent told in gateway.WatchAsync(watch))
{
    switch (told.Kind)
    {
        case WatchResponse.EventOneofCase.SnapshotPart when told.Missed is null:
            Room room = (await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "example" })).Room;
            Console.WriteLine($"room created: {room.Name} is {room.Sid}");
            break;
        case WatchResponse.EventOneofCase.RoomUpserted:
            Console.WriteLine($"event received: {told.Message.RoomUpserted.Name} is {told.Message.RoomUpserted.Sid}");
            break;
        case WatchResponse.EventOneofCase.SnapshotPart:
            Console.WriteLine($"resumed: {told.Missed.Reason}, rooms: {told.Message.SnapshotPart.Rooms.Count}");
            await ExplainAsync();
            return;
    }
}

// A refusal has a code for programs and a message for people.
async Task ExplainAsync()
{
    try
    {
        await gateway.Rooms.GetRoomAsync(new GetRoomRequest { Name = "example" });
    }
    catch (GatewayException refusal) when (refusal.ErrorCode == GatewayErrorCodes.RoomNotFound)
    {
        Console.WriteLine($"refused: {refusal.ErrorCode}, {refusal.Message}");
    }
}
