using System.Buffers.Binary;
using System.Collections.Concurrent;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.LoadTester.Floor;

/// <summary>The floor's loop: packets of a batch go out viewer by viewer, as in the gateway.</summary>
internal sealed class FloorLoop(IDatagramSender datagrams) : IDatapathHandler, IDisposable
{
    private const int Capacity = 64;
    private const int SlotSize = 1500;

    private readonly byte[] _bytes = new byte[Capacity * SlotSize];
    private readonly (int Length, int HeaderLength, Ssrc Ssrc, ExtendedSequence Index)[] _packets =
        new (int, int, Ssrc, ExtendedSequence)[Capacity];
    private readonly ConcurrentQueue<FloorDestination> _joining = new();
    private readonly List<FloorDestination> _destinations = [];
    private readonly Dictionary<Ssrc, ExtendedSequence> _indexes = [];
    private int _count;

    public void Add(FloorDestination destination) => _joining.Enqueue(destination);

    public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        if (_count == Capacity)
            Flush();
        if (!RtpHeader.TryParse(datagram, out RtpHeader header) || !RtpPacketView.TryParse(datagram, header, out RtpPacketView view))
            return;
        if (!FloorPackets.IsForwarded(view.PayloadType))
            return;
        datagram.CopyTo(_bytes.AsSpan(_count * SlotSize));
        ushort wire = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        ExtendedSequence last = _indexes.GetValueOrDefault(header.Ssrc);
        var index = new ExtendedSequence(last.Value + (short)(ushort)(wire - (ushort)last.Value));
        _indexes[header.Ssrc] = index;
        _packets[_count++] = (datagram.Length, view.PayloadOffset, header.Ssrc, index);
    }

    public MonotonicTime OnTick(MonotonicTime now)
    {
        Flush();
        while (_joining.TryDequeue(out FloorDestination? destination))
            _destinations.Add(destination);
        return now + TimeSpan.FromMilliseconds(100);
    }

    public void Dispose()
    {
        foreach (FloorDestination destination in _destinations)
            destination.Dispose();
    }

    private void Flush()
    {
        foreach (FloorDestination destination in _destinations)
        {
            for (int i = 0; i < _count; i++)
            {
                (int length, int headerLength, Ssrc ssrc, ExtendedSequence index) = _packets[i];
                if (destination.Sends(ssrc))
                    continue;
                Span<byte> slot = datagrams.Reserve();
                _bytes.AsSpan(i * SlotSize, length).CopyTo(slot);
                datagrams.Commit(destination.Srtp.ProtectRtp(slot, length, headerLength, ssrc, index), destination.Path);
            }
        }
        _count = 0;
    }
}
