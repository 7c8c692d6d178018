using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MediaGateway.Platform.Interop;

namespace MediaGateway.Platform.Datapath.Udp;

/// <summary>
/// The vector of messages that recvmmsg and sendmmsg take: each with one buffer and one socket address. All of it is
/// pinned and linked once. Buffers pointed to must be pinned and outlive the array.
/// </summary>
internal sealed unsafe class MessageArray
{
    /// <summary>Size of a sockaddr_in6, rounded up.</summary>
    private const int AddressStride = 32;

    private readonly MessageHeader[] _headers;
    private readonly IoVector[] _vectors;
    private readonly byte[] _addresses;

    public MessageArray(int capacity)
    {
        _headers = GC.AllocateArray<MessageHeader>(capacity, pinned: true);
        _vectors = GC.AllocateArray<IoVector>(capacity, pinned: true);
        _addresses = GC.AllocateArray<byte>(capacity * AddressStride, pinned: true);
        for (int i = 0; i < capacity; i++)
        {
            _headers[i].Name = Unsafe.AsPointer(ref _addresses[i * AddressStride]);
            _headers[i].NameLength = SocketAddressCodec.IPv6Length;
            _headers[i].Vectors = (IoVector*)Unsafe.AsPointer(ref _vectors[i]);
            _headers[i].VectorCount = 1;
        }
    }

    public MessageHeader* Headers => (MessageHeader*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_headers));

    public Span<byte> AddressOf(int index) => _addresses.AsSpan(index * AddressStride, SocketAddressCodec.IPv6Length);

    public void Point(int index, Span<byte> pinned)
    {
        _vectors[index].Base = Unsafe.AsPointer(ref MemoryMarshal.GetReference(pinned));
        _vectors[index].Length = (nuint)pinned.Length;
    }
}
