using System.Runtime.InteropServices;

namespace MediaGateway.Platform.Interop;

/// <summary>
/// struct mmsghdr of 64-bit Linux: a struct msghdr, whose padding at the end counts, and the length of the datagram.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct MessageHeader
{
    [FieldOffset(0)]
    public void* Name;

    [FieldOffset(8)]
    public uint NameLength;

    [FieldOffset(16)]
    public IoVector* Vectors;

    [FieldOffset(24)]
    public nuint VectorCount;

    [FieldOffset(32)]
    public void* Control;

    [FieldOffset(40)]
    public nuint ControlLength;

    [FieldOffset(48)]
    public int Flags;

    /// <summary>Number of bytes received or sent.</summary>
    [FieldOffset(56)]
    public uint Length;
}
