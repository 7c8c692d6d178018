using System.Numerics;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Datapath.Udp;

/// <summary>
/// The datagrams of an outgoing batch sorted into runs that may leave as one buffer of UDP segmentation: all to one
/// destination, all of one length but for the last, which may be shorter. Runs are in the order of their first datagram
/// and keep their order within, so that a destination gets its datagrams as they were written. Allocates nothing once made.
/// </summary>
internal sealed class DatagramRuns
{
    /// <summary>Of one buffer, by the kernel (UDP_MAX_SEGMENTS).</summary>
    public const int MaxSegments = 64;

    /// <summary>A buffer is one datagram of IP until it is cut, and so is its limit.</summary>
    public const int MaxBytes = 65_000;

    private const int None = -1;

    private readonly Run[] _runs;
    private readonly int[] _next;

    // By open addressing; those of earlier batches have an older stamp. There are more stamps than batches will ever be.
    private readonly Destination[] _destinations;
    private ulong _stamp;

    public DatagramRuns(int capacity)
    {
        _runs = new Run[capacity];
        _next = new int[capacity];
        _destinations = new Destination[BitOperations.RoundUpToPowerOf2((uint)capacity * 2)];
    }

    public int Count { get; private set; }

    public ref readonly Run this[int index] => ref _runs[index];

    /// <summary>The datagram behind one in its run; negative at the end.</summary>
    public int Next(int datagram) => _next[datagram];

    /// <param name="batch">All that leaves.</param>
    /// <param name="local">Only what leaves from this endpoint.</param>
    /// <param name="maxSegments">1 for runs of one datagram each.</param>
    public void Group(DatagramBatch batch, EndpointId local, int maxSegments)
    {
        Count = 0;
        _stamp++;
        for (int i = 0; i < batch.Count; i++)
        {
            ref readonly NetworkPath path = ref batch.PathOf(i);
            if (path.Local != local)
                continue;
            int length = batch[i].Length;
            _next[i] = None;
            ref int newest = ref Find(batch, path.Remote);
            if (newest != None && maxSegments > 1 && length > 0)
            {
                ref Run run = ref _runs[newest];
                if (!run.IsClosed && length <= run.SegmentLength && run.Count < maxSegments && run.Bytes + length <= MaxBytes)
                {
                    _next[run.Last] = i;
                    run.Last = i;
                    run.Count++;
                    run.Bytes += length;
                    run.IsClosed = length < run.SegmentLength;
                    continue;
                }
            }
            newest = Count;
            _runs[Count++] = new Run { First = i, Last = i, Count = 1, SegmentLength = length, Bytes = length };
        }
    }

    /// <summary>The place of a destination's newest run.</summary>
    private ref int Find(DatagramBatch batch, in TransportAddress remote)
    {
        int mask = _destinations.Length - 1;
        for (int slot = remote.GetHashCode() & mask; ; slot = (slot + 1) & mask)
        {
            ref Destination destination = ref _destinations[slot];
            if (destination.Stamp != _stamp)
            {
                destination = new Destination { Stamp = _stamp, NewestRun = None };
                return ref destination.NewestRun;
            }
            if (batch.PathOf(_runs[destination.NewestRun].First).Remote == remote)
                return ref destination.NewestRun;
        }
    }

    private struct Destination
    {
        /// <summary>The batch that it is of.</summary>
        public ulong Stamp;
        public int NewestRun;
    }

    /// <summary>Datagrams that leave together.</summary>
    internal struct Run
    {
        public int First;
        public int Last;
        public int Count;

        /// <summary>Bytes of each but the last.</summary>
        public int SegmentLength;

        /// <summary>Of all of them.</summary>
        public int Bytes;

        /// <summary>A shorter one has come, which has to be the last.</summary>
        public bool IsClosed;
    }
}
