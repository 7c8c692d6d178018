using System.Globalization;
using System.Security.Cryptography;

namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// Hash of a DER certificate as carried by <c>a=fingerprint</c> (RFC 8122 section 5). Only SHA-256 and longer
/// are accepted: RFC 8122 forbids MD2/MD5, and SHA-1 no longer resists collisions.
/// </summary>
public sealed class CertificateFingerprint : IEquatable<CertificateFingerprint>
{
    private readonly byte[] _hash;
    private string? _text;

    private CertificateFingerprint(HashAlgorithmName algorithm, byte[] hash)
    {
        Algorithm = algorithm;
        _hash = hash;
    }

    public HashAlgorithmName Algorithm { get; }

    /// <summary>SHA-256 fingerprint of a certificate.</summary>
    /// <param name="certificate">The certificate in DER.</param>
    public static CertificateFingerprint Of(ReadOnlySpan<byte> certificate) =>
        new(HashAlgorithmName.SHA256, SHA256.HashData(certificate));

    /// <summary>Parses the value of <c>a=fingerprint</c>: <c>sha-256 AB:CD:…</c>, hash name and digits in any case.</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out CertificateFingerprint? fingerprint)
    {
        fingerprint = null;
        value = value.Trim();
        int space = value.IndexOf(' ');
        if (space < 0)
            return false;
        HashAlgorithmName? algorithm = AlgorithmOf(value[..space]);
        if (algorithm is not { } name)
            return false;
        ReadOnlySpan<char> digits = value[(space + 1)..].Trim();
        byte[] hash = new byte[LengthOf(name)];
        if (digits.Length != hash.Length * 3 - 1)
            return false;
        for (int i = 0; i < hash.Length; i++)
        {
            if (i > 0 && digits[i * 3 - 1] != ':')
                return false;
            if (!byte.TryParse(digits.Slice(i * 3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out hash[i]))
                return false;
        }
        fingerprint = new CertificateFingerprint(name, hash);
        return true;
    }

    /// <summary>True when this is the fingerprint of <paramref name="certificate"/> (DER).</summary>
    public bool Matches(ReadOnlySpan<byte> certificate)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        int length = Algorithm == HashAlgorithmName.SHA256 ? SHA256.HashData(certificate, hash)
            : Algorithm == HashAlgorithmName.SHA384 ? SHA384.HashData(certificate, hash)
            : SHA512.HashData(certificate, hash);
        return CryptographicOperations.FixedTimeEquals(hash[..length], _hash);
    }

    public bool Equals(CertificateFingerprint? other) =>
        other is not null && Algorithm == other.Algorithm && _hash.AsSpan().SequenceEqual(other._hash);

    public override bool Equals(object? obj) => Equals(obj as CertificateFingerprint);

    public override int GetHashCode() => BitConverter.ToInt32(_hash);

    /// <summary>The value of <c>a=fingerprint</c>: <c>sha-256 AB:CD:…</c>.</summary>
    public override string ToString() => _text ??= Write();

    private string Write()
    {
        Span<char> digits = stackalloc char[SHA512.HashSizeInBytes * 3];
        for (int i = 0; i < _hash.Length; i++)
        {
            _hash[i].TryFormat(digits[(i * 3)..], out _, "X2", CultureInfo.InvariantCulture);
            digits[(i * 3) + 2] = ':';
        }
        return $"sha-{_hash.Length * 8} {digits[..((_hash.Length * 3) - 1)]}";
    }

    private static HashAlgorithmName? AlgorithmOf(ReadOnlySpan<char> name) =>
        name.Equals("sha-256", StringComparison.OrdinalIgnoreCase) ? HashAlgorithmName.SHA256
        : name.Equals("sha-384", StringComparison.OrdinalIgnoreCase) ? HashAlgorithmName.SHA384
        : name.Equals("sha-512", StringComparison.OrdinalIgnoreCase) ? HashAlgorithmName.SHA512
        : null;

    private static int LengthOf(HashAlgorithmName algorithm) =>
        algorithm == HashAlgorithmName.SHA256 ? 32 : algorithm == HashAlgorithmName.SHA384 ? 48 : 64;
}
