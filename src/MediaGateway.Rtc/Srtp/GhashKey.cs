using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace MediaGateway.Rtc.Srtp;

/// <summary>
/// GHASH (NIST SP 800-38D section 6.4) with the carry-less multiply instruction, computed as POLYVAL over reversed
/// bytes (RFC 8452 appendix A), whose bit order suits the processor. The blocks of a group are multiplied by falling
/// powers of the hash key, so that a group needs one reduction and its products do not wait for each other. A structure for the
/// reason that <see cref="AesKeySchedule"/> gives.
/// </summary>
internal struct GhashKey : IDisposable
{
    /// <summary>Blocks that one group may hold: a batch of eight and the block of lengths.</summary>
    public const int MaxGroup = 9;

    // H^9 .. H^1, then zero: the partner of the last block when a group is odd.
    private PowerArray _powers;

    public GhashKey(Vector128<byte> hashKey)
    {
        Vector128<ulong> first = MultiplyByX(AesKeySchedule.ReverseBytes(hashKey).AsUInt64());
        Vector128<ulong> power = first;
        for (int i = MaxGroup - 1; i >= 0; i--)
        {
            _powers[i] = power;
            power = Multiply(power, first);
        }
    }

    public static bool IsSupported => Pclmulqdq.IsSupported;

    /// <summary>The powers for a group: the first is H to the number of blocks.</summary>
    [UnscopedRef]
    public ref Vector128<ulong> PowersFor(int blocks) =>
        ref Unsafe.Add(ref Unsafe.As<PowerArray, Vector128<ulong>>(ref _powers), MaxGroup - blocks);

    /// <summary>
    /// Hashes one group of at most <see cref="MaxGroup"/> blocks. An odd number reads, and ignores, one block more.
    /// </summary>
    public Vector128<ulong> Absorb(Vector128<ulong> hash, ref byte data, int blocks)
    {
        ref Vector128<ulong> powers = ref PowersFor(blocks);
        var products = new GhashProducts();
        products.AddFirst(ref data, ref powers, hash);
        for (int i = 2; i < blocks; i += 2)
            products.Add(ref data, ref powers, i);
        return products.Reduce();
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes((Span<Vector128<ulong>>)_powers));

    private static Vector128<ulong> Multiply(Vector128<ulong> a, Vector128<ulong> b)
    {
        var products = new GhashProducts();
        products.Add(a.ToVector256(), b.ToVector256());
        return products.Reduce();
    }

    // mulX_POLYVAL of RFC 8452 appendix A: doubling in the field.
    private static Vector128<ulong> MultiplyByX(Vector128<ulong> value)
    {
        var wide = new UInt128(value[1], value[0]);
        UInt128 carry = wide >> 127;
        wide = (wide << 1) ^ (carry * new UInt128(0xC200_0000_0000_0000, 1));
        return Vector128.Create((ulong)wide, (ulong)(wide >> 64));
    }

    [InlineArray(MaxGroup + 1)]
    private struct PowerArray
    {
        private Vector128<ulong> _first;
    }
}
