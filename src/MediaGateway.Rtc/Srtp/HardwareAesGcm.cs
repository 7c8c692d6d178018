using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MediaGateway.Rtc.Buffers;

namespace MediaGateway.Rtc.Srtp;

/// <summary>
/// AES-GCM (NIST SP 800-38D) for packets, with the processor's AES and carry-less multiply instructions and no call out
/// of managed code. A packet is so many batches of eight blocks and a rest of at most eight, which is copied next to
/// zeros and the block of lengths so that whole blocks can be read. Sealing hashes each batch while it encrypts the
/// next. Opening hashes first and decrypts only what proved authentic: a forged packet costs less and stays as it was.
/// </summary>
internal sealed class HardwareAesGcm : PacketAead
{
    private const int BlockLength = 16;
    private const int BatchBlocks = 8;
    private const int BatchLength = AesKeySchedule.BatchLength;

    // The rest of a text, the block of lengths, and one block that an odd group reads and ignores.
    private const int RestBufferLength = BatchLength + 2 * BlockLength;

    /// <summary>Cache lines that the object takes up, with all its keys.</summary>
    private const int KeyLines = 7;

    // Not read-only: they would be copied for every call.
    private AesKeySchedule _aes;
    private GhashKey _ghash;

    public HardwareAesGcm(ReadOnlySpan<byte> key)
    {
        _aes = new AesKeySchedule(key);
        _ghash = new GhashKey(_aes.EncryptBlock(Vector128<byte>.Zero));
    }

    public static bool IsSupported => AesKeySchedule.IsSupported && GhashKey.IsSupported;

    private static Vector128<uint> One => Vector128.CreateScalar(1u);

    private static Vector128<uint> Batch => Vector128.CreateScalar((uint)BatchBlocks);

    public override void Seal(UInt128 nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
    {
        Vector128<uint> counter = FirstCounter(nonce);
        Vector128<byte> mask = _aes.EncryptBlock(AesKeySchedule.CounterBlock(counter, 0));
        counter += One;
        Vector128<ulong> hash = AbsorbAssociatedData(associatedData);

        Span<byte> restBuffer = stackalloc byte[RestBufferLength];
        Span<byte> rest = text[(text.Length / BatchLength * BatchLength)..];
        rest.CopyTo(restBuffer);
        ref byte restStart = ref MemoryMarshal.GetReference(restBuffer);
        ref byte start = ref MemoryMarshal.GetReference(text);
        int batches = text.Length / BatchLength;
        if (batches == 0)
        {
            _aes.XorEightBlocks(ref restStart, counter);
        }
        else
        {
            _aes.XorEightBlocks(ref start, counter);
            for (int i = 1; i < batches; i++)
            {
                counter += Batch;
                ref byte previous = ref start;
                start = ref Unsafe.Add(ref start, BatchLength);
                hash = XorAndAbsorb(ref start, counter, ref previous, hash);
            }
            hash = XorAndAbsorb(ref restStart, counter + Batch, ref start, hash);
        }
        restBuffer[..rest.Length].CopyTo(rest);

        hash = AbsorbRestAndLengths(hash, restBuffer, associatedData.Length, text.Length);
        (AesKeySchedule.ReverseBytes(hash.AsByte()) ^ mask).CopyTo(tag);
    }

    public override bool TryOpen(UInt128 nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        Vector128<uint> counter = FirstCounter(nonce);
        Vector128<byte> mask = _aes.EncryptBlock(AesKeySchedule.CounterBlock(counter, 0));
        counter += One;
        Vector128<ulong> hash = AbsorbAssociatedData(associatedData);

        Span<byte> restBuffer = stackalloc byte[RestBufferLength];
        int batchesLength = text.Length / BatchLength * BatchLength;
        Span<byte> rest = text[batchesLength..];
        rest.CopyTo(restBuffer);
        ref byte start = ref MemoryMarshal.GetReference(text);
        for (int i = 0; i < batchesLength; i += BatchLength)
            hash = _ghash.Absorb(hash, ref Unsafe.Add(ref start, i), BatchBlocks);
        hash = AbsorbRestAndLengths(hash, restBuffer, associatedData.Length, text.Length);

        // One comparison of all bits: its time does not tell where they differ.
        if ((AesKeySchedule.ReverseBytes(hash.AsByte()) ^ mask) != Vector128.Create(tag))
            return false;

        for (int i = 0; i < batchesLength; i += BatchLength)
        {
            _aes.XorEightBlocks(ref Unsafe.Add(ref start, i), counter);
            counter += Batch;
        }
        _aes.XorEightBlocks(ref MemoryMarshal.GetReference(restBuffer), counter);
        restBuffer[..rest.Length].CopyTo(rest);
        return true;
    }

    public override void Prefetch(IPrefetcher prefetcher) => prefetcher.Prefetch(this, KeyLines);

    public override void Dispose()
    {
        _aes.Dispose();
        _ghash.Dispose();
    }

    // SP 800-38D section 7.1, step 2, for a nonce of 96 bits.
    private static Vector128<uint> FirstCounter(UInt128 nonce) => AesKeySchedule.ToCounter(nonce << 32 | 1);

    private Vector128<ulong> AbsorbAssociatedData(ReadOnlySpan<byte> associatedData)
    {
        Vector128<ulong> hash = Vector128<ulong>.Zero;
        Span<byte> buffer = stackalloc byte[BatchLength];
        while (!associatedData.IsEmpty)
        {
            int length = Math.Min(associatedData.Length, buffer.Length);
            associatedData[..length].CopyTo(buffer);
            buffer[length..].Clear();
            hash = _ghash.Absorb(hash, ref MemoryMarshal.GetReference(buffer), BlocksOf(length));
            associatedData = associatedData[length..];
        }
        return hash;
    }

    private Vector128<ulong> AbsorbRestAndLengths(
        Vector128<ulong> hash, Span<byte> restBuffer, int associatedDataLength, int textLength)
    {
        int restLength = textLength % BatchLength;
        int blocks = BlocksOf(restLength);
        restBuffer[restLength..].Clear();
        Span<byte> lengths = restBuffer.Slice(blocks * BlockLength, BlockLength);
        BinaryPrimitives.WriteUInt64BigEndian(lengths, (ulong)associatedDataLength * 8);
        BinaryPrimitives.WriteUInt64BigEndian(lengths[sizeof(ulong)..], (ulong)textLength * 8);
        return _ghash.Absorb(hash, ref MemoryMarshal.GetReference(restBuffer), blocks + 1);
    }

    private static int BlocksOf(int length) => (length + BlockLength - 1) / BlockLength;

    /// <summary>
    /// XORs a batch with its key stream while it hashes another: the two use different units of the processor, so a
    /// pair of blocks is multiplied between every two rounds.
    /// </summary>
    private Vector128<ulong> XorAndAbsorb(ref byte data, Vector128<uint> counter, ref byte hashed, Vector128<ulong> hash)
    {
        ref Vector128<ulong> powers = ref _ghash.PowersFor(BatchBlocks);
        ref Vector128<byte> keys = ref _aes.RoundKeys;
        var blocks = new AesEightBlocks(counter, keys);
        var products = new GhashProducts();
        products.AddFirst(ref hashed, ref powers, hash);
        int round = 1;
        for (; round < BatchBlocks - 1; round += 2)
        {
            blocks.Round(Unsafe.Add(ref keys, round));
            products.Add(ref hashed, ref powers, round + 1);
            blocks.Round(Unsafe.Add(ref keys, round + 1));
        }
        int rounds = _aes.Rounds;
        for (; round < rounds; round++)
            blocks.Round(Unsafe.Add(ref keys, round));
        blocks.XorLastRound(ref data, Unsafe.Add(ref keys, rounds));
        return products.Reduce();
    }
}
