using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MediaGateway.Rtc.Srtp;

/// <summary>AES-GCM by the base library, for processors without the instructions of <see cref="HardwareAesGcm"/>.</summary>
internal sealed class LibraryAesGcm(ReadOnlySpan<byte> key) : PacketAead
{
    private const int NonceLength = 12;

    private readonly AesGcm _aes = new(key, TagLength);

    public override void Seal(UInt128 nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
    {
        Span<byte> nonceBytes = stackalloc byte[NonceLength];
        WriteNonce(nonce, nonceBytes);
        _aes.Encrypt(nonceBytes, text, text, tag, associatedData);
    }

    public override bool TryOpen(UInt128 nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        Span<byte> nonceBytes = stackalloc byte[NonceLength];
        WriteNonce(nonce, nonceBytes);
        try
        {
            _aes.Decrypt(nonceBytes, text, tag, text, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            // The library has no other way to say so.
            return false;
        }
    }

    public override void Dispose() => _aes.Dispose();

    private static void WriteNonce(UInt128 nonce, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, (ulong)(nonce >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(destination[sizeof(ulong)..], (uint)nonce);
    }
}
