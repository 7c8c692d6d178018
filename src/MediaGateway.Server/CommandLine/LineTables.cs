using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MediaGateway.Client;
using MediaGateway.V1;

namespace MediaGateway.Server.CommandLine;

/// <summary><c>mediagateway participants lines</c> and <c>mediagateway streams lines</c>: what the lines of receivers carry.</summary>
internal sealed class LineTables(ControlConnection connection)
{
    private readonly Argument<string> _room = new("room") { Description = "The room's name." };
    private readonly Argument<string> _stream = new("stream") { Description = "The live stream's name." };

    public Command OfRoom() => connection.Call("lines", "List what the lines of a room's participants carry.", async (client, command) =>
    {
        string room = command.GetValue(_room) ?? "";
        await client.Rooms.GetRoomAsync(new GetRoomRequest { Name = room });
        return await ReadAsync(client, new WatchStatsRequest { Rooms = { room }, LinesOnly = true });
    }, (report, output) => Show(report.Rooms.SelectMany(room => room.Lines), output), _room);

    public Command OfStream() => connection.Call("lines", "Sum up what the lines of a stream's viewers carry.", async (client, command) =>
    {
        string stream = command.GetValue(_stream) ?? "";
        await client.LiveStreams.GetLiveStreamAsync(new GetLiveStreamRequest { Name = stream });
        return await ReadAsync(client, new WatchStatsRequest { LiveStreams = { stream } });
    }, (report, output) => Show(report.LiveStreams, output), _stream);

    /// <summary>Reads one report, of which the parts are put together.</summary>
    private static async Task<WatchStatsResponse> ReadAsync(GatewayClient client, WatchStatsRequest request)
    {
        using AsyncServerStreamingCall<WatchStatsResponse> watch = client.Stats.WatchStats(request);
        var report = new WatchStatsResponse();
        while (!report.Last && await watch.ResponseStream.MoveNext())
            report.MergeFrom(watch.ResponseStream.Current);
        return report;
    }

    private static void Show(IEnumerable<Line> lines, TextWriter output)
    {
        TextTable table = new("IDENTITY", "CARRIES", "SENT", "VIDEO", "QUEUE", "LOST", "ROUND TRIP", "FEEDBACK", "FILLER");
        foreach (Line line in lines)
        {
            table.Add(
                line.Identity,
                Carries(line.EstimatedBitsPerSecond, line.Congested),
                Rate(line.SentBitsPerSecond),
                VideoOf(line),
                Milliseconds(line.QueueDelay),
                $"{line.FractionLost:P1}",
                Milliseconds(line.RoundTripTime),
                FeedbackOf(line.Feedback),
                Kilobytes(line.FillerBytesSent));
        }
        table.Write(output);
    }

    private static void Show(IEnumerable<LiveStreamStats> streams, TextWriter output)
    {
        TextTable table = new(
            "STREAM", "VIEWERS", "LOWEST", "MEDIAN", "LAYERS", "PAUSED", "CONGESTED", "LONGEST QUEUE", "FEEDBACK", "FILLER");
        foreach (LiveStreamStats stream in streams)
        {
            table.Add(
                stream.Name,
                Text(stream.ViewerCount),
                Carries(stream.Lines.LowestBitsPerSecond, isCongested: false),
                Carries(stream.Lines.MedianBitsPerSecond, isCongested: false),
                string.Join(", ", stream.LayerViewers.Select(layer =>
                    $"{(layer.SpatialLayer < 0 ? "none" : $"S{layer.SpatialLayer}")}: {layer.ViewerCount}")),
                Text(stream.Lines.PausedViewers),
                Text(stream.Lines.CongestedViewers),
                Milliseconds(stream.Lines.LongestQueueDelay),
                string.Join(", ", stream.Lines.Feedback.Select(feedback => $"{FeedbackOf(feedback.Kind)}: {feedback.ViewerCount}")),
                Kilobytes(stream.Lines.FillerBytesSent));
        }
        table.Write(output);
    }

    private static string VideoOf(Line line)
    {
        string largest = line.LargestHeight > 0 ? $"up to {line.LargestHeight}p" : "";
        string limited = line.LimitedVideos > line.PausedVideos ? $"{line.LimitedVideos - line.PausedVideos} smaller" : "";
        string paused = line.PausedVideos > 0 ? $"{line.PausedVideos} paused" : "";
        return string.Join(", ", new[] { largest, limited, paused }.Where(part => part.Length > 0));
    }

    private static string Carries(long bitsPerSecond, bool isCongested) =>
        bitsPerSecond == 0 ? "unknown" : Rate(bitsPerSecond) + (isCongested ? " (congested)" : "");

    private static string Rate(long bitsPerSecond) => string.Create(CultureInfo.InvariantCulture, $"{bitsPerSecond / 1e6:F2} Mb/s");

    private static string Milliseconds(Duration? time) =>
        time is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{time.ToTimeSpan().TotalMilliseconds:F0} ms");

    private static string Kilobytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000.0:F0} kB");

    private static string FeedbackOf(FeedbackKind kind) => kind switch
    {
        FeedbackKind.TransportWide => "transport-wide",
        FeedbackKind.Remb => "REMB",
        FeedbackKind.ReceiverReports => "reports",
        _ => "none",
    };

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
