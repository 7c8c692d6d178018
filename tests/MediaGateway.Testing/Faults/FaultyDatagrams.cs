using MediaGateway.Platform.Datapath;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Faults;

/// <summary>Faults by plan on the datagrams of a worker, for tests over real sockets. Used by the worker's thread.</summary>
public sealed class FaultyDatagrams(DatagramFaultPlan received, DatagramFaultPlan sent, DropCounters drops) : IDatagramFaults
{
    private readonly Direction _received = new(received, drops);
    private readonly Direction _sent = new(sent, drops);

    public void OnReceived(DatagramBatch batch) => _received.Apply(batch);

    public void OnSending(DatagramBatch batch) => _sent.Apply(batch);

    private sealed class Direction(DatagramFaultPlan plan, DropCounters drops)
    {
        /// <summary>The datagrams that pass, in order; more than a batch holds waits for the next.</summary>
        private readonly Queue<(byte[] Datagram, NetworkPath Path)> _passing = [];

        private (byte[] Datagram, NetworkPath Path)? _delayed;
        private long _number;

        public void Apply(DatagramBatch batch)
        {
            for (int i = 0; i < batch.Count; i++)
                Apply(batch[i].ToArray(), batch.PathOf(i));
            batch.Clear();
            while (!batch.IsFull && _passing.TryDequeue(out var next))
                batch.Add(next.Datagram, next.Path);
        }

        private void Apply(byte[] datagram, NetworkPath path)
        {
            switch (plan.FaultOf(++_number))
            {
                case DatagramFault.Lose:
                    drops.Count(DropReason.InjectedFault);
                    return;
                case DatagramFault.Delay when _delayed is null:
                    _delayed = (datagram, path);
                    return;
                case DatagramFault.Duplicate:
                    _passing.Enqueue((datagram, path));
                    break;
                case DatagramFault.Readdress:
                    path = new NetworkPath(path.Local, plan.OtherAddress);
                    break;
                case DatagramFault.None:
                case DatagramFault.Delay:
                default:
                    break;
            }
            _passing.Enqueue((datagram, path));
            if (_delayed is not { } delayed)
                return;
            _passing.Enqueue(delayed);
            _delayed = null;
        }
    }
}
