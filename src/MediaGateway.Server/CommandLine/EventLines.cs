using System.Globalization;
using Google.Protobuf;
using MediaGateway.V1;

namespace MediaGateway.Server.CommandLine;

/// <summary>Messages of a watch as lines for people to read.</summary>
internal static class EventLines
{
    public static void Write(WatchResponse message, TextWriter output)
    {
        string text = message.EventCase switch
        {
            WatchResponse.EventOneofCase.Heartbeat => "",
            WatchResponse.EventOneofCase.SnapshotPart =>
                $"there are {message.SnapshotPart.Rooms.Count} rooms and {message.SnapshotPart.LiveStreams.Count} live streams",
            WatchResponse.EventOneofCase.Missed => $"changes were missed: {message.Missed.Reason}",
            WatchResponse.EventOneofCase.RoomUpserted => $"room {message.RoomUpserted.Name}: {message.RoomUpserted.ParticipantCount} "
                + $"people, {message.RoomUpserted.PublisherCount} publish",
            WatchResponse.EventOneofCase.RoomRemoved => $"room {message.RoomRemoved.Name}: closed",
            WatchResponse.EventOneofCase.ParticipantUpserted => Describe(message.ParticipantUpserted),
            WatchResponse.EventOneofCase.ParticipantRemoved =>
                $"room {message.ParticipantRemoved.Room}: {message.ParticipantRemoved.Identity} left, {message.ParticipantRemoved.Reason}",
            WatchResponse.EventOneofCase.LiveStreamUpserted => Describe(message.LiveStreamUpserted),
            WatchResponse.EventOneofCase.LiveStreamRemoved => $"stream {message.LiveStreamRemoved.Name}: ended",
            _ => JsonFormatter.Default.Format(message),
        };
        if (text.Length > 0)
            output.WriteLine(
                $"{message.Time.ToDateTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)}  {message.Sequence,6}  {text}");
    }

    private static string Describe(RoomParticipant change)
    {
        string tracks = string.Join(", ", change.Participant.Tracks.Select(track => $"{track.Source}{(track.Muted ? " (muted)" : "")}"));
        return $"room {change.Room}: {change.Participant.Identity} is {change.Participant.State}, publishes "
            + (tracks.Length == 0 ? "nothing" : tracks);
    }

    private static string Describe(LiveStream stream) =>
        $"stream {stream.Name}: on air {(stream.Program.Length > 0 ? stream.Program : "nothing")}"
            + $"{(stream.Pending.Length > 0 ? $", going to {stream.Pending}" : "")}, {stream.ViewerCount} viewers";
}
