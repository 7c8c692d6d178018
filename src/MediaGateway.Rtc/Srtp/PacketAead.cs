using MediaGateway.Rtc.Buffers;

namespace MediaGateway.Rtc.Srtp;

/// <summary>AES-GCM with a 16-byte tag over one packet in place (NIST SP 800-38D), under one key.</summary>
internal abstract class PacketAead : IDisposable
{
    public const int TagLength = 16;

    /// <summary>
    /// Makes the cipher: <see cref="HardwareAesGcm"/> where the processor has the instructions, else <see cref="LibraryAesGcm"/>,
    /// whose price per call is several times that of the cipher.
    /// </summary>
    public static PacketAead Create(ReadOnlySpan<byte> key) => Create(key, HardwareAesGcm.IsSupported);

    /// <summary>Chooses the implementation explicitly; tests run both.</summary>
    internal static PacketAead Create(ReadOnlySpan<byte> key, bool useHardware) =>
        useHardware ? new HardwareAesGcm(key) : new LibraryAesGcm(key);

    /// <summary>
    /// Encrypts <paramref name="text"/> in place and writes the tag. The nonce has 96 bits, never twice the same under one key.
    /// </summary>
    public abstract void Seal(UInt128 nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag);

    /// <summary>
    /// Verifies the tag and decrypts <paramref name="text"/> in place. On failure the text is unchanged, or all zero
    /// where the base library did it.
    /// </summary>
    public abstract bool TryOpen(UInt128 nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag);

    /// <summary>Fetches the keys; see <see cref="IPrefetcher"/>. By default nothing, which is correct.</summary>
    public virtual void Prefetch(IPrefetcher prefetcher)
    {
    }

    public abstract void Dispose();
}
