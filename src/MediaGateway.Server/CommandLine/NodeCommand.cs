using System.CommandLine;
using System.Globalization;
using MediaGateway.Client;
using MediaGateway.V1;

namespace MediaGateway.Server.CommandLine;

/// <summary><c>mediagateway node</c>, <c>mediagateway events</c> and <c>mediagateway drain</c>.</summary>
internal sealed class NodeCommand(ControlConnection connection)
{
    private readonly Option<string[]> _rooms = new("--room") { Description = "Only these rooms.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _streams = new("--stream")
    { Description = "Only these live streams.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _resume = new("--resume") { Description = "Goes on behind the message with this resume token." };
    private readonly Option<string> _node = new("--node")
    { Description = "The node's id; left out, the one that is reached.", DefaultValueFactory = _ => "" };
    private readonly Option<bool> _disconnect = new("--disconnect") { Description = "Tell everybody to go elsewhere now." };

    public Command Create() => connection.Group(
        "node",
        "A running gateway itself.",
        connection.Call("info", "What runs there.", (client, command) =>
        client.Node.GetNodeAsync(new GetNodeRequest { Node = command.GetValue(_node) }), (answer, output) =>
        Show(answer.Node, output), _node),
        connection.List("workers", "The media workers.", (client, command, page) =>
        client.Node.ListWorkersAsync(new ListWorkersRequest
        { Node = command.GetValue(_node), PageSize = ControlConnection.PageSize, PageToken = page }), (answer, output) =>
        Show(answer.Workers, output), _node),
        connection.Call("config", "Every setting in force, without secrets.", (client, command) =>
        client.Node.GetConfigurationAsync(new GetConfigurationRequest { Node = command.GetValue(_node) }),
        (answer, output) => Show(answer.Settings, output), _node),
        connection.Call("audit", "The newest commands, newest first.", (client, command) =>
        client.Node.ListAuditRecordsAsync(new ListAuditRecordsRequest { Node = command.GetValue(_node) }),
        (answer, output) => Show(answer.Records, output), _node));

    public Command CreateDrain()
    {
        Command drain = connection.Group("drain", "Take a running gateway out of service.");
        drain.Add(_node);
        drain.Add(_disconnect);
        drain.Action = connection.Call("drain", "", (client, command) => client.Node.DrainAsync(new DrainRequest
        { Node = command.GetValue(_node), Disconnect = command.GetValue(_disconnect) }),
        (answer, output) => Show(answer.Node, output)).Action;
        return drain;
    }

    public Command CreateEvents()
    {
        Command events = connection.Group("events", "Watch what happens on a running gateway, until interrupted.");
        events.Add(_rooms);
        events.Add(_streams);
        events.Add(_resume);
        events.Action = connection.Watch("events", "", WatchOf, EventLines.Write).Action;
        return events;
    }

    private EventWatch WatchOf(ParseResult command) => new()
    {
        Rooms = command.GetValue(_rooms) ?? [],
        LiveStreams = command.GetValue(_streams) ?? [],
        ResumeToken = command.GetValue(_resume) ?? "",
    };

    private static void Show(V1.Node node, TextWriter output)
    {
        TextTable table = new("NODE", "VERSION", "SINCE", "STATE", "ROOMS", "PEOPLE", "STREAMS", "VIEWERS");
        table.Add(node.Id, node.Version, node.StartTime.ToDateTime().ToString("u", CultureInfo.InvariantCulture), node.Draining ? "draining"
            : "in service", Text(node.RoomCount), Text(node.ParticipantCount), Text(node.LiveStreamCount), Text(node.ViewerCount));
        table.Write(output);
    }

    private static void Show(IEnumerable<WorkerStats> workers, TextWriter output)
    {
        TextTable table = new("WORKER", "PEERS", "HALF OPEN", "ROOMS", "STREAMS", "BUSY", "RECEIVED", "SENT", "DROPPED");
        foreach (WorkerStats worker in workers)
            table.Add(Text(worker.Index), Text(worker.PeerCount), Text(worker.HalfOpenPeerCount), Text(worker.RoomCount),
                Text(worker.LiveStreamCount), $"{worker.BusyTime.ToTimeSpan():g}", Text(worker.DatagramsReceived),
                Text(worker.DatagramsSent),
                string.Join(", ", worker.Drops.OrderByDescending(drop => drop.Value).Select(drop => $"{drop.Key} {drop.Value}")));
        table.Write(output);
    }

    private static void Show(IEnumerable<KeyValuePair<string, string>> settings, TextWriter output)
    {
        TextTable table = new("KEY", "VALUE");
        foreach ((string key, string value) in settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
            table.Add(key, value);
        table.Write(output);
    }

    private static void Show(IEnumerable<AuditRecord> records, TextWriter output)
    {
        TextTable table = new("TIME", "KEY", "IDENTITY", "COMMAND", "RESULT", "REQUEST");
        foreach (AuditRecord record in records)
            table.Add(record.Time.ToDateTime().ToString("u", CultureInfo.InvariantCulture), record.Key, record.Identity, record.Method,
                record.Result, record.Request);
        table.Write(output);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
