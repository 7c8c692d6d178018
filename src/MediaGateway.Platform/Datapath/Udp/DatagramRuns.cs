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
    /// <summary>Most datagrams in one buffer, by the kernel's UDP_MAX_SEGMENTS.</summary>
    public const int MaxSegments = 64;

    /// <summary>Most bytes in one buffer, which is one IP datagram until the kernel cuts it apart.</summary>
    public const int MaxBytes = 65_000;

    private const int None = -1;

    private readonly Run[] _runs;
    private readonly int[] _next;

    // A hash table by open addressing. Entries of earlier batches have an older stamp; stamps do not run out.
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

    /// <summary>Index of the datagram that follows one in its run; negative at the end.</summary>
    public int Next(int datagram) => _next[datagram];

    /// <param name="batch">The outgoing batch.</param>
    /// <param name="local">The endpoint; datagrams that leave from others are skipped.</param>
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

    /// <summary>Index of a destination's newest run, to read or replace.</summary>
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
        /// <summary>Stamp of the batch that the entry belongs to.</summary>
        public ulong Stamp;
        public int NewestRun;
    }

    /// <summary>A run: datagrams that leave together.</summary>
    internal struct Run
    {
        public int First;
        public int Last;
        public int Count;

        /// <summary>Length of each datagram but the last, bytes.</summary>
        public int SegmentLength;

        /// <summary>Length of all datagrams together, bytes.</summary>
        public int Bytes;

        /// <summary>True when a shorter datagram has come, which has to be the last.</summary>
        public bool IsClosed;
    }
}
