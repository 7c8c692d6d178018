using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace MediaGateway.Rtc.Srtp;

/// <summary>
/// AES in counter mode as SRTP uses it (RFC 3711 section 4.1.1): the low 16 bits of the 128-bit counter count blocks,
/// from zero. By the processor's AES instructions, else by the base library. Single-threaded, allocation-free.
/// </summary>
internal sealed class AesCounterMode : IDisposable
{
    private const int BlockLength = 16;

    private readonly ICryptoTransform? _blockCipher;
    private readonly byte[] _counterBlocks = [];

    // Not read-only: it would be copied for every call. Used where there is no block cipher of the base library.
    private AesKeySchedule _keySchedule;

    public AesCounterMode(ReadOnlySpan<byte> key)
        : this(key, AesKeySchedule.IsSupported)
    {
    }

    /// <summary>Chooses the implementation explicitly; tests run both.</summary>
    [SuppressMessage("Security", "CA5358:Review cipher mode usage with cryptography experts",
        Justification = "Counter mode is built on it.")]
    internal AesCounterMode(ReadOnlySpan<byte> key, bool useHardware)
    {
        if (useHardware)
        {
            _keySchedule = new AesKeySchedule(key);
            return;
        }
        using var aes = Aes.Create();
        aes.Mode = CipherMode.ECB;
        aes.Padding = PaddingMode.None;
        aes.SetKey(key);
        _blockCipher = aes.CreateEncryptor();
        _counterBlocks = new byte[32 * BlockLength];
    }

    /// <summary>XORs <paramref name="data"/> with the key stream that begins at <paramref name="counter"/>: encrypts or decrypts.</summary>
    public void Xor(UInt128 counter, Span<byte> data)
    {
        if (_blockCipher is { } blockCipher)
            XorByLibrary(blockCipher, counter, data);
        else
            XorByHardware(counter, data);
    }

    public void Dispose()
    {
        _keySchedule.Dispose();
        _blockCipher?.Dispose();
        CryptographicOperations.ZeroMemory(_counterBlocks);
    }

    private void XorByHardware(UInt128 firstCounter, Span<byte> data)
    {
        Vector128<uint> counter = AesKeySchedule.ToCounter(firstCounter);
        while (data.Length >= AesKeySchedule.BatchLength)
        {
            _keySchedule.XorEightBlocks(ref MemoryMarshal.GetReference(data), counter);
            counter += Vector128.CreateScalar(8u);
            data = data[AesKeySchedule.BatchLength..];
        }
        if (data.IsEmpty)
            return;
        Span<byte> last = stackalloc byte[AesKeySchedule.BatchLength];
        data.CopyTo(last);
        _keySchedule.XorEightBlocks(ref MemoryMarshal.GetReference(last), counter);
        last[..data.Length].CopyTo(data);
    }

    private void XorByLibrary(ICryptoTransform blockCipher, UInt128 counter, Span<byte> data)
    {
        while (!data.IsEmpty)
        {
            int length = Math.Min(data.Length, _counterBlocks.Length);
            int blocksLength = (length + BlockLength - 1) / BlockLength * BlockLength;
            for (int i = 0; i < blocksLength; i += BlockLength)
                BinaryPrimitives.WriteUInt128BigEndian(_counterBlocks.AsSpan(i), counter++);
            blockCipher.TransformBlock(_counterBlocks, 0, blocksLength, _counterBlocks, 0);
            for (int i = 0; i < length; i++)
                data[i] ^= _counterBlocks[i];
            data = data[length..];
        }
    }
}
