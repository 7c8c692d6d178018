using System.Security.Cryptography;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// The state cookie (RFC 9260 section 5.1.3): what the remote's INIT said, under a MAC. It has no time stamp and no tie
/// tags: our own tag and initial TSN are drawn once for an association, which lives inside one DTLS connection and is
/// never restarted, so an old cookie can only be one of this very association.
/// </summary>
internal sealed class StateCookie
{
    public const int Length = FieldsLength + MacLength;

    private const int FieldsLength = InitParameters.FieldsLength + 4;
    private const int MacLength = 16;

    private readonly byte[] _key = new byte[32];

    public StateCookie(IEntropy entropy) => entropy.Fill(_key);

    public void Write(in InitParameters remote, Span<byte> destination)
    {
        remote.WriteFields(destination);
        destination[InitParameters.FieldsLength..FieldsLength].Clear();
        destination[InitParameters.FieldsLength] = (byte)((remote.SupportsForwardTsn ? 1 : 0) | (remote.SupportsReconfig ? 2 : 0));
        Sign(destination[..FieldsLength], destination.Slice(FieldsLength, MacLength));
    }

    public bool TryRead(ReadOnlySpan<byte> cookie, out InitParameters remote)
    {
        remote = default;
        if (cookie.Length != Length)
            return false;
        Span<byte> expected = stackalloc byte[MacLength];
        Sign(cookie[..FieldsLength], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, cookie[FieldsLength..]))
            return false;
        byte extensions = cookie[InitParameters.FieldsLength];
        remote = InitParameters.ReadFields(cookie) with
        { SupportsForwardTsn = (extensions & 1) != 0, SupportsReconfig = (extensions & 2) != 0 };
        return true;
    }

    private void Sign(ReadOnlySpan<byte> fields, Span<byte> mac)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, fields, hash);
        hash[..MacLength].CopyTo(mac);
    }
}
