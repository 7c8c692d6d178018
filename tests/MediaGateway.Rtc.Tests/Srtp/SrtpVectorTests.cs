using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Srtp;
using static MediaGateway.Rtc.Tests.Srtp.SrtpTestData;

namespace MediaGateway.Rtc.Tests.Srtp;

public class SrtpVectorTests
{
    private const string Key128 = "000102030405060708090a0b0c0d0e0f";
    private const string Key256 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private const string Salt = "517569642070726f2071756f";
    private const uint RtcpIndex = 0x5d4;

    private const string Rtp =
        "8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573";

    private const string Rtcp =
        "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef";

    // RFC 7714 sections 16.1.1 and 16.2.1.
    [Theory]
    [InlineData(
        SrtpProfile.AeadAes128Gcm, Key128,
        "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce")]
    [InlineData(
        SrtpProfile.AeadAes256Gcm, Key256,
        "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13")]
    public void Rtp_is_the_vector_of_RFC_7714(SrtpProfile profile, string key, string expected)
    {
        using SrtpSender sender = SenderWith(profile, key, lastRtcpIndex: 0);
        using SrtpReceiver receiver = ReceiverWith(profile, key);
        byte[] packet = Protect(sender, Hex(Rtp), 0xf17b);
        Assert.Equal(Hex(expected), packet);
        Assert.Equal(DropReason.None, Unprotect(receiver, packet, out byte[] plain, out ExtendedSequence index));
        Assert.Equal(Hex(Rtp), plain);
        Assert.Equal(0xf17b, index.Value);
    }

    // RFC 7714 sections 17.1 and 17.2.
    [Theory]
    [InlineData(
        SrtpProfile.AeadAes128Gcm, Key128,
        "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4")]
    [InlineData(
        SrtpProfile.AeadAes256Gcm, Key256,
        "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4")]
    public void Rtcp_is_the_vector_of_RFC_7714(SrtpProfile profile, string key, string expected)
    {
        using SrtpSender sender = SenderWith(profile, key, RtcpIndex - 1);
        using SrtpReceiver receiver = ReceiverWith(profile, key);
        byte[] packet = ProtectRtcp(sender, Hex(Rtcp));
        Assert.Equal(Hex(expected), packet);
        Assert.Equal(DropReason.None, UnprotectRtcp(receiver, packet, out byte[] plain));
        Assert.Equal(Hex(Rtcp), plain);
    }

    // RFC 7714 section 17.3: authentic, but not encrypted.
    [Fact]
    public void Rtcp_that_is_only_tagged_is_refused()
    {
        using SrtpReceiver receiver = ReceiverWith(SrtpProfile.AeadAes128Gcm, Key128);
        byte[] packet = [.. Hex(Rtcp), .. Hex("841dd9683dd78ec92ae58790125f62b3 000005d4")];
        Assert.Equal(DropReason.AuthFailed, UnprotectRtcp(receiver, packet));
    }

    // RFC 3711 appendix B.3.
    [Fact]
    public void Session_keys_of_RFC_3711_derive()
    {
        using var keys = SrtpSessionKeys.Derive(
            SrtpProfile.Aes128CmHmacSha1Tag80, Hex("E1F97A0D3E018BE0D64FA32C06DE4139"), Hex("0EC675AD498AFEEBB6960B3AABE6"),
            SrtpKeyUsage.Rtp);
        Assert.Equal(Hex("C61E7A93744F39EE10734AFE3FF7A087"), keys.EncryptionKey);
        Assert.Equal(Hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"), keys.AuthenticationKey);
        Assert.Equal(new UInt128(0x30CBBC08863D, 0x8C85D49DB34A9AE1), keys.Salt);
    }

    // RFC 6188 section 7.2, which AEAD_AES_256_GCM derives its keys by (RFC 7714 section 11).
    [Fact]
    public void Session_keys_of_RFC_6188_derive()
    {
        using var generator = new AesCounterMode(Hex("f0f04914b513f2763a1b1fa130f10e29 98f6f6e43e4309d1e622a0e332b9f1b6"));
        UInt128 salt = SrtpSessionKeys.ReadSalt(Hex("3b04803de51ee7c96423ab5b78d2"));
        byte[] encryptionKey = new byte[32];
        byte[] sessionSalt = new byte[14];
        SrtpSessionKeys.Generate(generator, salt, 0, encryptionKey);
        SrtpSessionKeys.Generate(generator, salt, 2, sessionSalt);
        Assert.Equal(Hex("5ba1064e30ec51613cad926c5a28ef73 1ec7fb397f70a960653caf06554cd8c4"), encryptionKey);
        Assert.Equal(Hex("fa31791685ca444a9e07c6c64e93"), sessionSalt);
    }

    // RFC 7714 section 11: a 96-bit salt goes in as its own bits followed by 16 zeros.
    [Fact]
    public void Session_keys_with_a_short_salt_derive_as_with_one_filled_up_by_zeros()
    {
        byte[] masterKey = Random(16, 1);
        byte[] masterSalt = Random(12, 2);
        using var gcm = SrtpSessionKeys.Derive(SrtpProfile.AeadAes128Gcm, masterKey, masterSalt, SrtpKeyUsage.Rtcp);
        using var cm = SrtpSessionKeys.Derive(SrtpProfile.Aes128CmHmacSha1Tag80, masterKey, [.. masterSalt, 0, 0], SrtpKeyUsage.Rtcp);
        Assert.Equal(cm.EncryptionKey, gcm.EncryptionKey);
        Assert.Equal(cm.Salt >> 16, gcm.Salt);
        Assert.Empty(gcm.AuthenticationKey);
    }

    private static SrtpSender SenderWith(SrtpProfile profile, string key, uint lastRtcpIndex) =>
        new(TransformWith(profile, key), TransformWith(profile, key), lastRtcpIndex);

    private static SrtpReceiver ReceiverWith(SrtpProfile profile, string key) =>
        new(TransformWith(profile, key), TransformWith(profile, key), maxSources: 4);

    private static SrtpTransform TransformWith(SrtpProfile profile, string key) =>
        SrtpTransform.Create(profile, SrtpSessionKeys.FromSessionKeys(Hex(key), [], Hex(Salt)));
}
