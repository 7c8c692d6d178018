using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using AesNi = System.Runtime.Intrinsics.X86.Aes;

namespace MediaGateway.Rtc.Srtp;

/// <summary>
/// AES encryption with the processor's AES instructions (FIPS 197), one block at a time or eight counter blocks side
/// by side, which is how many hide the latency of a round. Constant time: no tables, no branches on data. A structure that lies
/// in the object that uses it, since with many peers each further reference on the way to the keys is a wait for memory.
/// </summary>
internal struct AesKeySchedule : IDisposable
{
    /// <summary>Bytes that <see cref="XorEightBlocks"/> covers.</summary>
    public const int BatchLength = 8 * BlockLength;

    private const int BlockLength = 16;

    private RoundKeyArray _roundKeys;

    public AesKeySchedule(ReadOnlySpan<byte> key)
    {
        int keyWords = key.Length / sizeof(uint);
        Rounds = keyWords + 6;
        Span<Vector128<byte>> roundKeys = _roundKeys;
        Expand(key, keyWords, MemoryMarshal.Cast<Vector128<byte>, uint>(roundKeys[..(Rounds + 1)]));
    }

    public static bool IsSupported => AesNi.IsSupported;

    /// <summary>The shuffle that reverses the bytes of a block.</summary>
    public static Vector128<byte> ReversedBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    }

    /// <summary>10 for AES-128, 14 for AES-256.</summary>
    public int Rounds { get; }

    /// <summary>The first of <see cref="Rounds"/> + 1 round keys.</summary>
    [UnscopedRef]
    public ref Vector128<byte> RoundKeys => ref Unsafe.As<RoundKeyArray, Vector128<byte>>(ref _roundKeys);

    /// <summary>
    /// The counter block that stands <paramref name="offset"/> blocks after <paramref name="counter"/>, as it goes
    /// through the cipher. The counter is a 128-bit integer of which only the lowest 32 bits count.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> CounterBlock(Vector128<uint> counter, uint offset) =>
        ReverseBytes((counter + Vector128.CreateScalar(offset)).AsByte());

    /// <summary>Turns a block into its 128-bit integer in the processor's order, and back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ReverseBytes(Vector128<byte> block) => Vector128.Shuffle(block, ReversedBytes);

    public static Vector128<uint> ToCounter(UInt128 counter) =>
        Vector128.Create((ulong)counter, (ulong)(counter >> 64)).AsUInt32();

    public Vector128<byte> EncryptBlock(Vector128<byte> block)
    {
        ref Vector128<byte> keys = ref RoundKeys;
        block ^= keys;
        for (int round = 1; round < Rounds; round++)
            block = AesNi.Encrypt(block, Unsafe.Add(ref keys, round));
        return AesNi.EncryptLast(block, Unsafe.Add(ref keys, Rounds));
    }

    /// <summary>XORs <see cref="BatchLength"/> bytes with the key stream of eight counter blocks (NIST SP 800-38A section 6.5).</summary>
    public void XorEightBlocks(ref byte data, Vector128<uint> counter)
    {
        ref Vector128<byte> keys = ref RoundKeys;
        var blocks = new AesEightBlocks(counter, keys);
        int rounds = Rounds;
        for (int round = 1; round < rounds; round++)
            blocks.Round(Unsafe.Add(ref keys, round));
        blocks.XorLastRound(ref data, Unsafe.Add(ref keys, rounds));
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes((Span<Vector128<byte>>)_roundKeys));

    // FIPS 197 section 5.2. The words are little-endian, so RotWord turns right.
    private static void Expand(ReadOnlySpan<byte> key, int keyWords, Span<uint> words)
    {
        for (int i = 0; i < keyWords; i++)
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(i * sizeof(uint))..]);
        uint roundConstant = 1;
        for (int i = keyWords; i < words.Length; i++)
        {
            uint word = words[i - 1];
            if (i % keyWords == 0)
            {
                word = SubstituteWord(uint.RotateRight(word, 8)) ^ roundConstant;
                roundConstant = (roundConstant << 1) ^ (roundConstant >> 7) * 0x11B;
            }
            else if (keyWords > 6 && i % keyWords == 4)
            {
                word = SubstituteWord(word);
            }
            words[i] = words[i - keyWords] ^ word;
        }
    }

    // With four equal columns ShiftRows changes nothing, so the last round with a zero key is the S-box alone.
    private static uint SubstituteWord(uint word) =>
        AesNi.EncryptLast(Vector128.Create(word).AsByte(), Vector128<byte>.Zero).AsUInt32().ToScalar();

    [InlineArray(MaxRoundKeys)]
    private struct RoundKeyArray
    {
        private const int MaxRoundKeys = 15;

        private Vector128<byte> _first;
    }
}
