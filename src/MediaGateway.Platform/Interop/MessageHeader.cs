using System.Runtime.InteropServices;

namespace MediaGateway.Platform.Interop;

/// <summary>struct mmsghdr of 64-bit Linux: a struct msghdr and the length of the datagram.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public void* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;

    /// <summary>Bytes received or sent.</summary>
    public uint Length;
}
