using System.Collections.Immutable;
using Grpc.Core;
using Grpc.Health.V1;

namespace Grpc.HealthCheck;

/// <summary>grpc.health.v1: what <see cref="SetStatus"/> said last of each service; "" is the server as a whole.</summary>
public class HealthServiceImpl : Health.V1.Health.HealthBase
{
    private readonly Lock _lock = new();
    private ImmutableDictionary<string, HealthCheckResponse.Types.ServingStatus> _statuses = ImmutableDictionary<string, HealthCheckResponse.Types.ServingStatus>.Empty;
    private volatile bool _isClosed;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void SetStatus(string service, HealthCheckResponse.Types.ServingStatus status) => Change(() => _statuses = _statuses.SetItem(service, status));

    /// <summary>Ends all watches, now and from now on: the server stops. Not in the package's class.</summary>
    public void Close() => Change(() => _isClosed = true);

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        _statuses.TryGetValue(request.Service, out HealthCheckResponse.Types.ServingStatus status)
            ? Task.FromResult(new HealthCheckResponse { Status = status })
            : throw new RpcException(new Status(StatusCode.NotFound, $"There is no service {request.Service}."));

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        HealthCheckResponse.Types.ServingStatus? told = null;
        while (!_isClosed)
        {
            Task changed;
            HealthCheckResponse.Types.ServingStatus status;
            lock (_lock)
            {
                changed = _changed.Task;
                status = _statuses.GetValueOrDefault(request.Service, HealthCheckResponse.Types.ServingStatus.ServiceUnknown);
            }
            if (status != told)
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
            told = status;
            await changed.WaitAsync(context.CancellationToken);
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource before;
        lock (_lock)
        {
            change();
            before = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        before.SetResult();
    }
}
