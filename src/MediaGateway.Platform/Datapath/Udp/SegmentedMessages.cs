using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MediaGateway.Platform.Interop;

namespace MediaGateway.Platform.Datapath.Udp;

/// <summary>
/// The vector of messages that sendmmsg takes, each a run of datagrams: one socket address, one buffer a datagram, and for
/// more than one datagram the length at which the kernel cuts them apart again (UDP_SEGMENT). All of it is pinned.
/// </summary>
internal sealed unsafe class SegmentedMessages
{
    /// <summary>Size of a sockaddr_in6, rounded up.</summary>
    private const int AddressStride = 32;

    /// <summary>CMSG_SPACE and CMSG_LEN of a 16-bit value on 64-bit Linux: a header of 16 bytes, the value, padding.</summary>
    private const int ControlStride = 24;
    private const int ControlLength = 18;
    private const int ControlHeaderLength = 16;

    private readonly MessageHeader[] _headers;
    private readonly IoVector[] _vectors;
    private readonly byte[] _addresses;
    private readonly byte[] _controls;

    public SegmentedMessages(int capacity)
    {
        _headers = GC.AllocateArray<MessageHeader>(capacity, pinned: true);
        _vectors = GC.AllocateArray<IoVector>(capacity, pinned: true);
        _addresses = GC.AllocateArray<byte>(capacity * AddressStride, pinned: true);
        _controls = GC.AllocateArray<byte>(capacity * ControlStride, pinned: true);
        for (int i = 0; i < capacity; i++)
        {
            Span<byte> control = _controls.AsSpan(i * ControlStride, ControlStride);
            MemoryMarshal.Write(control, (nuint)ControlLength);
            MemoryMarshal.Write(control[8..], Libc.SOL_UDP);
            MemoryMarshal.Write(control[12..], Libc.UDP_SEGMENT);
            _headers[i].Name = Unsafe.AsPointer(ref _addresses[i * AddressStride]);
        }
    }

    public MessageHeader* Headers => (MessageHeader*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_headers));

    public Span<byte> AddressOf(int message) => _addresses.AsSpan(message * AddressStride, SocketAddressCodec.IPv6Length);

    /// <summary>Makes a message of a run, with the buffers from <paramref name="vector"/> on.</summary>
    /// <returns>The first vector behind the message's.</returns>
    public int Set(int message, int vector, uint addressLength, in DatagramRuns.Run run, DatagramRuns runs, DatagramBatch batch)
    {
        ref MessageHeader header = ref _headers[message];
        header.NameLength = addressLength;
        header.Vectors = (IoVector*)Unsafe.AsPointer(ref _vectors[vector]);
        header.VectorCount = (nuint)run.Count;
        header.Control = null;
        header.ControlLength = 0;
        if (run.Count > 1)
        {
            MemoryMarshal.Write(_controls.AsSpan((message * ControlStride) + ControlHeaderLength), (ushort)run.SegmentLength);
            header.Control = Unsafe.AsPointer(ref _controls[message * ControlStride]);
            header.ControlLength = ControlStride;
        }
        for (int datagram = run.First; datagram >= 0; datagram = runs.Next(datagram))
        {
            Span<byte> bytes = batch[datagram];
            _vectors[vector].Base = Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
            _vectors[vector].Length = (nuint)bytes.Length;
            vector++;
        }
        return vector;
    }
}
