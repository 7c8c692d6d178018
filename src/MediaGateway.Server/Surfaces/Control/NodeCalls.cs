using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.V1;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>mediagateway.v1.NodeService.</summary>
internal sealed class NodeCalls(NodeDescriber describer, AuditLog audit, NodeOperations node, GatewayOptions options)
    : NodeService.NodeServiceBase
{
    public override Task<GetNodeResponse> GetNode(GetNodeRequest request, ServerCallContext context)
    {
        node.RequireThis(request.Node);
        return Task.FromResult(new GetNodeResponse { Node = describer.Node() });
    }

    public override Task<GetConfigurationResponse> GetConfiguration(GetConfigurationRequest request, ServerCallContext context)
    {
        node.RequireThis(request.Node);
        return Task.FromResult(new GetConfigurationResponse { Settings = { SettingsInForce.Of(options) } });
    }

    public override async Task<ListWorkersResponse> ListWorkers(ListWorkersRequest request, ServerCallContext context)
    {
        node.RequireThis(request.Node);
        PageRange range = PageTokens.Read(request);
        Page<WorkerStats> page = range
            .Take((await describer.WorkersAsync()).Select(worker => KeyValuePair.Create(ListKeys.OfNumber(worker.Index), worker)));
        return new ListWorkersResponse { Workers = { page.Items }, NextPageToken = PageTokens.NextOf(request, page) };
    }

    public override async Task<DrainResponse> Drain(DrainRequest request, ServerCallContext context)
    {
        await node.DrainAsync(request.Node, request.Disconnect);
        return new DrainResponse { Node = describer.Node() };
    }

    public override Task<ListAuditRecordsResponse> ListAuditRecords(ListAuditRecordsRequest request, ServerCallContext context)
    {
        node.RequireThis(request.Node);
        Page<AuditEntry> page = PageTokens.Read(request)
            .Take(audit.Newest().Select(entry => KeyValuePair.Create(ListKeys.OfNumberDescending(entry.Sequence), entry)));
        return Task.FromResult(new ListAuditRecordsResponse
        { Records = { page.Items.Select(Of) }, NextPageToken = PageTokens.NextOf(request, page) });
    }

    private static AuditRecord Of(AuditEntry entry) => new()
    {
        Sequence = entry.Sequence,
        Time = Timestamp.FromDateTimeOffset(entry.Time),
        Duration = Duration.FromTimeSpan(entry.Duration),
        Key = entry.Key,
        Identity = entry.Identity,
        Method = entry.Method,
        Request = entry.Request,
        Result = entry.Result,
        Message = entry.Message,
        RequestId = entry.RequestId,
    };
}
