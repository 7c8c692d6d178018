using System.Buffers.Binary;
using System.Security.Cryptography;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Srtp;

/// <summary>
/// The session keys that protect SRTP or SRTCP (RFC 3711 section 4.3; RFC 7714 section 11 and RFC 6188 for AES-256),
/// with a key derivation rate of zero: one set for the life of the master key. Disposed once a transform has them.
/// </summary>
internal sealed class SrtpSessionKeys : IDisposable
{
    private const int AuthenticationKeyLength = 20;

    // Index DIV key_derivation_rate is 0, so the key id of section 4.3.1 is the label above 48 zero bits.
    private const int LabelShift = 48;

    private SrtpSessionKeys(byte[] encryptionKey, byte[] authenticationKey, UInt128 salt)
    {
        EncryptionKey = encryptionKey;
        AuthenticationKey = authenticationKey;
        Salt = salt;
    }

    public byte[] EncryptionKey { get; }

    /// <summary>The key of HMAC-SHA1; empty for an AEAD profile.</summary>
    public byte[] AuthenticationKey { get; }

    /// <summary>The salt as an integer: 112 bits for AES-CM, 96 for AES-GCM.</summary>
    public UInt128 Salt { get; }

    /// <summary>Derives the keys for one usage.</summary>
    /// <exception cref="ArgumentException">The master key or salt has not the length that the profile asks for.</exception>
    public static SrtpSessionKeys Derive(
        SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpKeyUsage usage)
    {
        Check(profile, masterKey, masterSalt);
        using var generator = new AesCounterMode(masterKey);
        return Derive(profile, generator, masterSalt, usage);
    }

    /// <summary>Derives the keys for RTP and for RTCP.</summary>
    /// <exception cref="ArgumentException">The master key or salt has not the length that the profile asks for.</exception>
    public static (SrtpSessionKeys Rtp, SrtpSessionKeys Rtcp) DeriveBoth(SrtpProfile profile, ReadOnlySpan<byte> masterKey,
        ReadOnlySpan<byte> masterSalt)
    {
        Check(profile, masterKey, masterSalt);
        using var generator = new AesCounterMode(masterKey);
        return (Derive(profile, generator, masterSalt, SrtpKeyUsage.Rtp), Derive(profile, generator, masterSalt, SrtpKeyUsage.Rtcp));
    }

    /// <summary>Keys that are session keys already, as the RFCs' test vectors give them.</summary>
    internal static SrtpSessionKeys FromSessionKeys(byte[] encryptionKey, byte[] authenticationKey, ReadOnlySpan<byte> salt) =>
        new(encryptionKey, authenticationKey, ReadSalt(salt) >> (14 - salt.Length) * 8);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(EncryptionKey);
        CryptographicOperations.ZeroMemory(AuthenticationKey);
    }

    internal static bool IsAead(SrtpProfile profile) => profile != SrtpProfile.Aes128CmHmacSha1Tag80;

    // RFC 3711 sections 4.3.1 and 4.3.3.
    internal static void Generate(AesCounterMode generator, UInt128 salt, int label, Span<byte> key) =>
        generator.Xor((((UInt128)(uint)label << LabelShift) ^ salt) << 16, key);

    // A shorter salt than 112 bits is filled up with zeros on the right (RFC 7714 section 11).
    internal static UInt128 ReadSalt(ReadOnlySpan<byte> salt)
    {
        Span<byte> padded = stackalloc byte[16];
        padded.Clear();
        salt.CopyTo(padded);
        return BinaryPrimitives.ReadUInt128BigEndian(padded) >> 16;
    }

    private static void Check(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
    {
        (int keyLength, int saltLength) = LengthsOf(profile);
        if (masterKey.Length != keyLength)
            throw new ArgumentException($"{profile} takes a master key of {keyLength} bytes.", nameof(masterKey));
        if (masterSalt.Length != saltLength)
            throw new ArgumentException($"{profile} takes a master salt of {saltLength} bytes.", nameof(masterSalt));
    }

    private static SrtpSessionKeys Derive(SrtpProfile profile, AesCounterMode generator, ReadOnlySpan<byte> masterSalt, SrtpKeyUsage usage)
    {
        (int keyLength, int saltLength) = LengthsOf(profile);
        UInt128 salt = ReadSalt(masterSalt);
        byte[] encryptionKey = new byte[keyLength];
        Generate(generator, salt, (byte)usage, encryptionKey);
        byte[] authenticationKey = IsAead(profile) ? [] : new byte[AuthenticationKeyLength];
        Generate(generator, salt, (byte)usage + 1, authenticationKey);
        Span<byte> sessionSalt = stackalloc byte[saltLength];
        sessionSalt.Clear();
        Generate(generator, salt, (byte)usage + 2, sessionSalt);
        return FromSessionKeys(encryptionKey, authenticationKey, sessionSalt);
    }

    private static (int Key, int Salt) LengthsOf(SrtpProfile profile) => profile switch
    {
        SrtpProfile.Aes128CmHmacSha1Tag80 => (16, 14),
        SrtpProfile.AeadAes128Gcm => (16, 12),
        SrtpProfile.AeadAes256Gcm => (32, 12),
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "Not a known SRTP profile."),
    };
}
