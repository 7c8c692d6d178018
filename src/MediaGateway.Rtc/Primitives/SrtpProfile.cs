namespace MediaGateway.Rtc.Primitives;

/// <summary>SRTP protection profiles, by their DTLS use_srtp numbers (RFC 5764 section 4.1.2, RFC 7714 section 14.2).</summary>
public enum SrtpProfile : ushort
{
    Aes128CmHmacSha1Tag80 = 0x0001,
    AeadAes128Gcm = 0x0007,
    AeadAes256Gcm = 0x0008,
}
