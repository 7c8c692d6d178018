using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MediaGateway.Rtc.Srtp;

/// <summary>The sum of a group's unreduced products, two blocks wide: low, middle and high partial products.</summary>
internal struct GhashProducts
{
    private const int BlockLength = 16;

    private Vector256<ulong> _low;
    private Vector256<ulong> _middle;
    private Vector256<ulong> _high;

    /// <summary>Adds blocks <paramref name="block"/> and the next one, times their powers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ref byte data, ref Vector128<ulong> powers, int block) =>
        Add(LoadPair(ref data, block), LoadPowers(ref powers, block));

    /// <summary>The same for blocks 0 and 1, the first of which takes up the hash so far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddFirst(ref byte data, ref Vector128<ulong> powers, Vector128<ulong> hash) =>
        Add(LoadPair(ref data, 0) ^ hash.ToVector256(), LoadPowers(ref powers, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector256<ulong> blocks, Vector256<ulong> powers)
    {
        if (Pclmulqdq.V256.IsSupported)
        {
            _low ^= Pclmulqdq.V256.CarrylessMultiply(blocks, powers, 0x00);
            _middle ^= Pclmulqdq.V256.CarrylessMultiply(blocks, powers, 0x01) ^ Pclmulqdq.V256.CarrylessMultiply(blocks, powers, 0x10);
            _high ^= Pclmulqdq.V256.CarrylessMultiply(blocks, powers, 0x11);
        }
        else
        {
            AddHalf(blocks.GetLower(), powers.GetLower());
            AddHalf(blocks.GetUpper(), powers.GetUpper());
        }
    }

    /// <summary>
    /// Montgomery reduction by x^128 + x^127 + x^126 + x^121 + 1: the middle products fold in, then two foldings of 64 bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector128<ulong> Reduce()
    {
        Vector128<ulong> middle = Fold(_middle);
        Vector128<ulong> low = Fold(_low) ^ Sse2.ShiftLeftLogical128BitLane(middle, 8);
        Vector128<ulong> high = Fold(_high) ^ Sse2.ShiftRightLogical128BitLane(middle, 8);
        Vector128<ulong> polynomial = Vector128.CreateScalar(0xC200_0000_0000_0000);
        low = SwapHalves(low) ^ Pclmulqdq.CarrylessMultiply(low, polynomial, 0x00);
        low = SwapHalves(low) ^ Pclmulqdq.CarrylessMultiply(low, polynomial, 0x00);
        return low ^ high;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddHalf(Vector128<ulong> block, Vector128<ulong> power)
    {
        _low ^= Pclmulqdq.CarrylessMultiply(block, power, 0x00).ToVector256();
        _middle ^= (Pclmulqdq.CarrylessMultiply(block, power, 0x01) ^ Pclmulqdq.CarrylessMultiply(block, power, 0x10)).ToVector256();
        _high ^= Pclmulqdq.CarrylessMultiply(block, power, 0x11).ToVector256();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> LoadPair(ref byte data, int block)
    {
        Vector256<byte> pair = Vector256.LoadUnsafe(ref data, (nuint)block * BlockLength);
        return Avx2.IsSupported
            ? Avx2.Shuffle(pair, Vector256.Create(AesKeySchedule.ReversedBytes)).AsUInt64()
            : Vector256.Create(AesKeySchedule.ReverseBytes(pair.GetLower()), AesKeySchedule.ReverseBytes(pair.GetUpper())).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> LoadPowers(ref Vector128<ulong> powers, int block) =>
        Vector256.LoadUnsafe(ref Unsafe.As<Vector128<ulong>, ulong>(ref powers), (nuint)block * 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector256<ulong> pair) => pair.GetLower() ^ pair.GetUpper();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> SwapHalves(Vector128<ulong> value) => Vector128.Shuffle(value, Vector128.Create(1UL, 0));
}
