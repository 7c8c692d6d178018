using System.Buffers.Binary;
using System.Security.Cryptography;
using MediaGateway.Rtc.Buffers;

namespace MediaGateway.Rtc.Srtp;

/// <summary>
/// AES-GCM with a 16-byte tag over one packet in place (NIST SP 800-38D): <see cref="HardwareAesGcm"/> where the
/// processor has the instructions, else the base library, whose price per call is several times that of the cipher.
/// </summary>
internal sealed class PacketAead : IDisposable
{
    public const int TagLength = 16;

    private const int NonceLength = 12;

    private readonly HardwareAesGcm? _hardware;
    private readonly AesGcm? _library;

    public PacketAead(ReadOnlySpan<byte> key)
        : this(key, HardwareAesGcm.IsSupported)
    {
    }

    /// <summary>Chooses the implementation explicitly; tests run both.</summary>
    internal PacketAead(ReadOnlySpan<byte> key, bool useHardware)
    {
        if (useHardware)
            _hardware = new HardwareAesGcm(key);
        else
            _library = new AesGcm(key, TagLength);
    }

    /// <summary>
    /// Encrypts <paramref name="text"/> in place and writes the tag. The nonce has 96 bits, never twice the same under one key.
    /// </summary>
    public void Seal(UInt128 nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
    {
        if (_hardware is { } hardware)
        {
            hardware.Seal(nonce, associatedData, text, tag);
            return;
        }
        Span<byte> nonceBytes = stackalloc byte[NonceLength];
        WriteNonce(nonce, nonceBytes);
        _library!.Encrypt(nonceBytes, text, text, tag, associatedData);
    }

    /// <summary>
    /// Verifies the tag and decrypts <paramref name="text"/> in place. On failure the text is unchanged, or all zero
    /// where the base library did it.
    /// </summary>
    public bool TryOpen(UInt128 nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        if (_hardware is { } hardware)
            return hardware.TryOpen(nonce, associatedData, text, tag);
        Span<byte> nonceBytes = stackalloc byte[NonceLength];
        WriteNonce(nonce, nonceBytes);
        try
        {
            _library!.Decrypt(nonceBytes, text, tag, text, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            // The library has no other way to say so.
            return false;
        }
    }

    /// <summary>Fetches what lies so many references away, at least 1; see <see cref="IPrefetcher"/>.</summary>
    public void Prefetch(IPrefetcher prefetcher, int distance)
    {
        if (distance > 1)
            _hardware?.Prefetch(prefetcher);
        else
            prefetcher.Prefetch(_hardware, 1);
    }

    public void Dispose()
    {
        _hardware?.Dispose();
        _library?.Dispose();
    }

    private static void WriteNonce(UInt128 nonce, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, (ulong)(nonce >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(destination[sizeof(ulong)..], (uint)nonce);
    }
}
