using System.Text.Json;
using Grpc.Core;
using Grpc.Health.V1;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Control;

public sealed class NodeCallsTests
{
    [Fact]
    public async Task Node_says_what_it_is_and_what_is_set_but_no_secret()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(("IceServers:0:Urls:0", "turn:turn.example.org"),
            ("IceServers:0:Username", "u"), ("IceServers:0:Credential", "hush-hush"),
            ("Webhooks:Urls:0", "https://hush@hooks.example.org/in?key=hush"), ("Webhooks:Urls:1", "http://hooks.example.org"));
        V1.Node node = (await gateway.Node.GetNodeAsync(new GetNodeRequest(), ControlGateway.Admin)).Node;
        IDictionary<string, string> settings =
            (await gateway.Node.GetConfigurationAsync(new GetConfigurationRequest(), ControlGateway.Admin)).Settings;

        Assert.Equal(("0.1.0", false), (node.Version, node.Draining));
        Assert.Equal(gateway.Told.NodeId, node.Id);
        Assert.Equal(node.Id, (await gateway.Node.GetNodeAsync(new GetNodeRequest { Node = node.Id }, ControlGateway.Admin)).Node.Id);
        using AsyncServerStreamingCall<WatchStatsResponse> elsewhere =
            gateway.Stats.WatchStats(new WatchStatsRequest { Node = "N_elsewhere" }, ControlGateway.Admin);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(async () =>
            await elsewhere.ResponseStream.MoveNext(CancellationToken.None))).StatusCode);
        Assert.Equal(("1", "127.0.0.1", "turn:turn.example.org"),
            (settings["Media:Workers"], settings["Media:BindAddresses:0"], settings["IceServers:0:Urls:0"]));
        Assert.Equal(("https://hooks.example.org/in (with more that is set)", "http://hooks.example.org"),
            (settings["Webhooks:Urls:0"], settings["Webhooks:Urls:1"]));
        Assert.Equal(("(set)", "(set)"), (settings["Auth:Keys:" + TestGateway.Key], settings["IceServers:0:Credential"]));
        Assert.DoesNotContain(settings.Values, value => value.Contains(TestGateway.Secret, StringComparison.Ordinal)
            || value.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Commands_are_in_the_audit_log_and_its_file_with_their_result_and_without_content()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await using (ControlGateway gateway = await ControlGateway.StartAsync(("Control:AuditFile", file)))
            {
                await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "stage", Metadata = "private" }, ControlGateway.Admin);
                await gateway.Rooms.ListRoomsAsync(new ListRoomsRequest(), ControlGateway.Admin);
                await Assert.ThrowsAsync<RpcException>(async () =>
                    await gateway.Rooms.DeleteRoomAsync(new DeleteRoomRequest { Name = "none" }, ControlGateway.Admin));

                AuditRecord[] records =
                    [.. (await gateway.Node.ListAuditRecordsAsync(new ListAuditRecordsRequest(), ControlGateway.Admin)).Records];
                Assert.Equal(
                    [("mediagateway.v1.RoomService/DeleteRoom", "NOT_FOUND"), ("mediagateway.v1.RoomService/CreateRoom", "OK")],
                    records.Select(record => (record.Method, record.Result)));
                Assert.All(records, record => Assert.Equal((TestGateway.Key, "director"), (record.Key, record.Identity)));
            }
            string[] lines = await File.ReadAllLinesAsync(file);
            Assert.Equal(["OK", "NOT_FOUND"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Result").GetString()));
            Assert.DoesNotContain("private", string.Concat(lines), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Audit_records_come_by_pages_newest_first()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        for (int i = 0; i < 5; i++)
            await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = $"room {i}" }, ControlGateway.Admin);
        List<long> sequences = [];
        string token = "";
        do
        {
            ListAuditRecordsResponse page = await gateway.Node.ListAuditRecordsAsync(new ListAuditRecordsRequest
            { PageSize = 2, PageToken = token }, ControlGateway.Admin);
            Assert.InRange(page.Records.Count, 1, 2);
            sequences.AddRange(page.Records.Select(record => record.Sequence));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal([5, 4, 3, 2, 1], sequences);
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await gateway.Node.ListAuditRecordsAsync(new ListAuditRecordsRequest { PageToken = "last" }, ControlGateway.Admin));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    [Fact]
    public async Task Health_is_for_everybody()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        var health = new Health.HealthClient(gateway.Channel);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest())).Status);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(async () =>
            await health.CheckAsync(new HealthCheckRequest { Service = "none" }))).StatusCode);

        using AsyncServerStreamingCall<HealthCheckResponse> watch = health.Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        await gateway.Node.DrainAsync(new DrainRequest(), ControlGateway.Admin);
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        await gateway.StopAsync();
        // The last answer of a watch says once more that nothing is served.
        while (await watch.ResponseStream.MoveNext(CancellationToken.None))
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, watch.ResponseStream.Current.Status);
    }
}
