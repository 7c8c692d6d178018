using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Dtls;

/// <summary>OpenSSL's name and the master key lengths of each SRTP profile (RFC 5764 section 4.1.2, RFC 7714 section 12).</summary>
/// <param name="Name">Name that SSL_set_tlsext_use_srtp takes.</param>
/// <param name="KeyLength">Length of the master key, bytes.</param>
/// <param name="SaltLength">Length of the master salt, bytes.</param>
internal readonly record struct SrtpProfileParameters(string Name, int KeyLength, int SaltLength)
{
    internal static bool TryGet(SrtpProfile profile, out SrtpProfileParameters parameters)
    {
        parameters = profile switch
        {
            SrtpProfile.Aes128CmHmacSha1Tag80 => new("SRTP_AES128_CM_SHA1_80", 16, 14),
            SrtpProfile.AeadAes128Gcm => new("SRTP_AEAD_AES_128_GCM", 16, 12),
            SrtpProfile.AeadAes256Gcm => new("SRTP_AEAD_AES_256_GCM", 32, 12),
            _ => default,
        };
        return parameters.KeyLength != 0;
    }
}
