using System.Runtime.InteropServices;
using MediaGateway.Platform.Memory;

namespace MediaGateway.Platform.Tests.Memory;

/// <summary>Tests that memory which native code has freed goes back to the system.</summary>
public sealed class NativeHeapTests
{
    private const int Blocks = 8_192;
    private const int BlockLength = 8_192;
    private const int PageLength = 4_096;

    [Fact]
    public void What_is_free_below_something_in_use_goes_back_to_the_system()
    {
        nint[] blocks = new nint[Blocks];
        for (int i = 0; i < Blocks; i++)
        {
            blocks[i] = Marshal.AllocHGlobal(BlockLength);
            for (int offset = 0; offset < BlockLength; offset += PageLength)
                Marshal.WriteByte(blocks[i], offset, 1);
        }
        // By itself the heap gives back only what is free behind the last block in use.
        foreach (nint block in blocks[..^1])
            Marshal.FreeHGlobal(block);
        long before = Environment.WorkingSet;

        NativeHeap.Trim();

        long after = Environment.WorkingSet;
        Marshal.FreeHGlobal(blocks[^1]);
        Assert.True(before - after > Blocks * BlockLength / 2, $"{before} bytes before, {after} after.");
    }
}
