using System.Net;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;
using Microsoft.Extensions.Logging;

namespace MediaGateway.Server.Tests.Admission;

/// <summary>Whatever becomes of the audit file, calls go on.</summary>
public sealed class AuditFileTests : IDisposable
{
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
        using var file = new AuditFileWriter(path);

        Assert.True(file.TryAppend("first", out _));
        using (var other = new AuditFileWriter(Path.Combine(_folder, "missing", "lines")))
            Assert.False(other.TryAppend("nowhere", out string problem), problem);
        Assert.True(file.TryAppend("second", out _));

        Assert.Equal("first\nsecond\n", File.ReadAllText(path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
