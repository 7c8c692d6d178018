using System.Globalization;
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
        context.GetCaller().RequireNode();
        return Task.FromResult(new GetNodeResponse { Node = describer.Node() });
    }

    public override Task<GetConfigurationResponse> GetConfiguration(GetConfigurationRequest request, ServerCallContext context)
    {
        context.GetCaller().RequireNode();
        return Task.FromResult(new GetConfigurationResponse { Settings = { SettingsInForce.Of(options) } });
    }

    public override async Task<ListWorkersResponse> ListWorkers(ListWorkersRequest request, ServerCallContext context)
    {
        context.GetCaller().RequireNode();
        return new ListWorkersResponse { Workers = { await describer.WorkersAsync() } };
    }

    public override async Task<DrainResponse> Drain(DrainRequest request, ServerCallContext context)
    {
        await node.DrainAsync(context.GetCaller(), request.Disconnect);
        return new DrainResponse { Node = describer.Node() };
    }

    public override Task<ListAuditRecordsResponse> ListAuditRecords(ListAuditRecordsRequest request, ServerCallContext context)
    {
        context.GetCaller().RequireNode();
        int size = ControlChecks.PageSize(request.PageSize);
        long before = ControlChecks.SequenceOf(request.PageToken);
        IReadOnlyList<AuditEntry> found = audit.Newest(size + 1, before);
        return Task.FromResult(new ListAuditRecordsResponse
        {
            Records = { found.Take(size).Select(Of) },
            NextPageToken = found.Count > size ? found[size - 1].Sequence.ToString(CultureInfo.InvariantCulture) : "",
        });
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
