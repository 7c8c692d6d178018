using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;
using Microsoft.Extensions.Logging;

namespace MediaGateway.Server.Tests.Admission;

/// <summary>Whatever becomes of the audit file, calls go on.</summary>
public sealed class AuditFileTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("audit-").FullName;

    [Fact]
    public async Task Full_disk_ends_nothing_and_is_logged()
    {
        using var logs = new RecordingLogs();
        await using ControlGateway gateway = await ControlGateway.StartAsync(logs, ("Control:AuditFile", "/dev/full"));

        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "stage" }, ControlGateway.Admin);

        (LogLevel level, string message) = await logs.NextAsync(503);
        Assert.Equal(LogLevel.Error, level);
        Assert.Contains("/dev/full", message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Web.GetAsync(new Uri("/healthz", UriKind.Relative))).StatusCode);
        ListAuditRecordsResponse kept = await gateway.Node.ListAuditRecordsAsync(new ListAuditRecordsRequest(), ControlGateway.Admin);
        Assert.Contains(kept.Records, record => record.Method.EndsWith("CreateRoom", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Commands_that_waited_are_written_in_their_order_once_the_file_takes_them()
    {
        using var logs = new RecordingLogs();
        string folder = Path.Combine(_folder, "late");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "audit.log");
        await using ControlGateway gateway = await ControlGateway.StartAsync(logs, ("Control:AuditFile", path));
        Directory.Delete(folder, recursive: true);

        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "one" }, ControlGateway.Admin);
        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "two" }, ControlGateway.Admin);
        await logs.NextAsync(503);
        Directory.CreateDirectory(folder);
        await logs.NextAsync(504);
        await gateway.StopAsync();

        string[] lines = await File.ReadAllLinesAsync(path);
        Assert.Equal(2, lines.Length);
        Assert.Contains("one", lines[0], StringComparison.Ordinal);
        Assert.Contains("two", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_are_appended_and_a_file_that_cannot_be_opened_is_told()
    {
        string path = Path.Combine(_folder, "lines");
        var file = new AuditFileWriter(path);

        Assert.True(file.TryAppend("first", out _));
        Assert.False(new AuditFileWriter(Path.Combine(_folder, "missing", "lines")).TryAppend("nowhere", out string problem), problem);
        Assert.Contains("No such file", problem, StringComparison.Ordinal);
        Assert.True(file.TryAppend("second", out _));

        Assert.Equal("first\nsecond\n", File.ReadAllText(path));
    }

    [Fact]
    public void Pipe_without_a_reader_is_refused_and_not_waited_for()
    {
        string path = Path.Combine(_folder, "pipe");
        using (Process made = Process.Start("mkfifo", path))
            made.WaitForExit();

        Assert.False(new AuditFileWriter(path).IsUsable(out string problem));
        Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData("rename")]
    [InlineData("copy and truncate")]
    [InlineData("remove")]
    public async Task File_that_is_rotated_loses_no_line_and_gets_no_hole(string rotation)
    {
        using var logs = new RecordingLogs();
        string path = Path.Combine(_folder, "audit.log");
        string rotated = path + ".1";
        await using ControlGateway gateway = await ControlGateway.StartAsync(logs, ("Control:AuditFile", path));
        await CreateRoomsAsync(gateway, "before", 20);
        await UntilAsync(() => File.Exists(path) && File.ReadLines(path).Count() == 20);
        switch (rotation)
        {
            case "rename":
                File.Move(path, rotated);
                break;
            case "copy and truncate":
                File.Copy(path, rotated);
                await using (new FileStream(path, FileMode.Truncate))
                {
                }
                break;
            default:
                File.Copy(path, rotated);
                File.Delete(path);
                break;
        }
        using (Process told = Process.Start("kill", ["-HUP", $"{Environment.ProcessId}"]))
            await told.WaitForExitAsync();
        await logs.NextAsync(15);
        await CreateRoomsAsync(gateway, "after", 20);
        await gateway.StopAsync();

        Assert.Equal(Names("before"), File.ReadLines(rotated).Select(RoomOf));
        Assert.Equal(Names("after"), File.ReadLines(path).Select(RoomOf));

        static IEnumerable<string> Names(string name) => Enumerable.Range(0, 20).Select(i => $"{name}-{i}");
    }

    [Fact]
    public async Task File_that_became_a_folder_is_told_at_once_by_a_signal()
    {
        using var logs = new RecordingLogs();
        string path = Path.Combine(_folder, "audit.log");
        await using ControlGateway gateway = await ControlGateway.StartAsync(logs, ("Control:AuditFile", path));
        Directory.CreateDirectory(path);
        using (Process told = Process.Start("kill", ["-HUP", $"{Environment.ProcessId}"]))
            await told.WaitForExitAsync();

        Assert.Equal(LogLevel.Error, (await logs.NextAsync(503)).Level);
        Directory.Delete(path);
    }

    /// <summary>A disk that is full in the middle of a line, with a file that can be made shorter and one that cannot.</summary>
    [Theory]
    [InlineData(true, "first\nthird\n")]
    [InlineData(false, "first\nsec\nthird\n")]
    public void Piece_of_a_line_is_taken_back_or_at_least_ended(bool allowsShorter, string expected)
    {
        var disk = new NearlyFullDisk(allowsShorter);
        var file = new AuditFileWriter("audit.log", _ => disk.Open());
        Assert.True(file.TryAppend("first", out _));
        disk.Left = 3;
        Assert.False(file.TryAppend("second", out string problem));
        Assert.Equal("No space left on device", problem);
        disk.Left = int.MaxValue;
        Assert.True(file.TryAppend("third", out _));

        Assert.Equal(expected, disk.Text);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task CreateRoomsAsync(ControlGateway gateway, string name, int count)
    {
        for (int i = 0; i < count; i++)
            await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = $"{name}-{i}" }, ControlGateway.Admin);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!isSo())
            await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
    }

    /// <summary>The name of the room that a line's command made.</summary>
    private static string RoomOf(string line)
    {
        using JsonDocument entry = JsonDocument.Parse(line);
        using JsonDocument request = JsonDocument.Parse(entry.RootElement.GetProperty("Request").GetString()!);
        return request.RootElement.GetProperty("name").GetString()!;
    }

    /// <summary>Disk with one file and so many bytes left.</summary>
    private sealed class NearlyFullDisk(bool allowsShorter)
    {
        private byte[] _content = [];

        public int Left { get; set; } = int.MaxValue;

        public string Text => Encoding.UTF8.GetString(_content);

        public Stream Open() => new Opened(this);

        private sealed class Opened : MemoryStream
        {
            private readonly NearlyFullDisk _disk;

            public Opened(NearlyFullDisk disk)
            {
                _disk = disk;
                base.Write(disk._content, 0, disk._content.Length);
            }

            public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

            public override void Write(byte[] buffer, int offset, int count)
            {
                base.Write(buffer, offset, Math.Min(count, _disk.Left));
                if (count > _disk.Left)
                    throw new IOException("No space left on device");
            }

            public override void SetLength(long value)
            {
                if (!_disk.AllowsShorter)
                    throw new UnauthorizedAccessException("append only");
                base.SetLength(value);
            }

            protected override void Dispose(bool disposing)
            {
                _disk._content = ToArray();
                base.Dispose(disposing);
            }
        }

        private bool AllowsShorter { get; } = allowsShorter;
    }
}
