using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AesNi = System.Runtime.Intrinsics.X86.Aes;

namespace MediaGateway.Rtc.Srtp;

/// <summary>
/// Eight counter blocks on their way through AES in eight registers: enough to hide the latency of a round. Fields
/// rather than an array, and every method inlined, so that the compiler keeps them in registers.
/// </summary>
internal struct AesEightBlocks
{
    private const int BlockLength = 16;

    private Vector128<byte> _b0;
    private Vector128<byte> _b1;
    private Vector128<byte> _b2;
    private Vector128<byte> _b3;
    private Vector128<byte> _b4;
    private Vector128<byte> _b5;
    private Vector128<byte> _b6;
    private Vector128<byte> _b7;

    /// <summary>The blocks of <paramref name="counter"/> and the seven that follow, with the first round key added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public AesEightBlocks(Vector128<uint> counter, Vector128<byte> key)
    {
        _b0 = AesKeySchedule.CounterBlock(counter, 0) ^ key;
        _b1 = AesKeySchedule.CounterBlock(counter, 1) ^ key;
        _b2 = AesKeySchedule.CounterBlock(counter, 2) ^ key;
        _b3 = AesKeySchedule.CounterBlock(counter, 3) ^ key;
        _b4 = AesKeySchedule.CounterBlock(counter, 4) ^ key;
        _b5 = AesKeySchedule.CounterBlock(counter, 5) ^ key;
        _b6 = AesKeySchedule.CounterBlock(counter, 6) ^ key;
        _b7 = AesKeySchedule.CounterBlock(counter, 7) ^ key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Round(Vector128<byte> key)
    {
        _b0 = AesNi.Encrypt(_b0, key);
        _b1 = AesNi.Encrypt(_b1, key);
        _b2 = AesNi.Encrypt(_b2, key);
        _b3 = AesNi.Encrypt(_b3, key);
        _b4 = AesNi.Encrypt(_b4, key);
        _b5 = AesNi.Encrypt(_b5, key);
        _b6 = AesNi.Encrypt(_b6, key);
        _b7 = AesNi.Encrypt(_b7, key);
    }

    /// <summary>The last round; the key stream it yields is XORed into the data.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void XorLastRound(ref byte data, Vector128<byte> key)
    {
        XorLastRound(ref data, 0, _b0, key);
        XorLastRound(ref data, 1, _b1, key);
        XorLastRound(ref data, 2, _b2, key);
        XorLastRound(ref data, 3, _b3, key);
        XorLastRound(ref data, 4, _b4, key);
        XorLastRound(ref data, 5, _b5, key);
        XorLastRound(ref data, 6, _b6, key);
        XorLastRound(ref data, 7, _b7, key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void XorLastRound(ref byte data, nuint block, Vector128<byte> state, Vector128<byte> key)
    {
        Vector128<byte> text = Vector128.LoadUnsafe(ref data, block * BlockLength);
        (AesNi.EncryptLast(state, key) ^ text).StoreUnsafe(ref data, block * BlockLength);
    }
}
