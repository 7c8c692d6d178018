using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Tests.Datapath.Udp;

internal sealed class DelegateHandler : IDatapathHandler
{
    public Action<byte[], NetworkPath>? Datagram { get; init; }

    public Func<MonotonicTime, MonotonicTime>? Tick { get; init; }

    public Action<WorkerLoad>? Load { get; init; }

    public Action<NetworkPath>? PathClosed { get; init; }

    public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now) =>
        Datagram?.Invoke(datagram.ToArray(), path);

    public MonotonicTime OnTick(MonotonicTime now) => Tick?.Invoke(now) ?? MonotonicTime.Never;

    public void OnPathClosed(in NetworkPath path, MonotonicTime now) => PathClosed?.Invoke(path);

    public void OnLoad(in WorkerLoad load, MonotonicTime now) => Load?.Invoke(load);
}
