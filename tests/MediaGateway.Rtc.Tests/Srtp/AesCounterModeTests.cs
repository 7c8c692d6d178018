using MediaGateway.Rtc.Srtp;
using static MediaGateway.Rtc.Tests.Srtp.SrtpTestData;

namespace MediaGateway.Rtc.Tests.Srtp;

public class AesCounterModeTests
{
    public static TheoryData<bool> Implementations => AesKeySchedule.IsSupported ? new(true, false) : new(false);

    // RFC 3711 appendix B.2: the beginning and the end of the longest key stream of one packet.
    [Theory]
    [MemberData(nameof(Implementations))]
    public void Key_stream_is_the_vector_of_RFC_3711(bool useHardware)
    {
        using var cipher = new AesCounterMode(Hex("2B7E151628AED2A6ABF7158809CF4F3C"), useHardware);
        byte[] keyStream = new byte[1_044_512];
        cipher.Xor(new UInt128(0xF0F1F2F3F4F5F6F7, 0xF8F9FAFBFCFD0000), keyStream);
        Assert.Equal(
            Hex("E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0"), keyStream[..48]);
        Assert.Equal(
            Hex("EC8CDF7398607CB0F2D21675EA9EA1E4 362B7C3C6773516318A077D7FC5073AE 6A2CC3787889374FBEB4C81B17BA6C44"), keyStream[^48..]);
    }

    // NIST SP 800-38A appendix F.5.5, which is AES-256.
    [Theory]
    [MemberData(nameof(Implementations))]
    public void Key_stream_with_a_long_key_is_the_vector_of_NIST(bool useHardware)
    {
        using var cipher = new AesCounterMode(Hex("603deb1015ca71be2b73aef0857d7781 1f352c073b6108d72d9810a30914dff4"), useHardware);
        byte[] text = Hex("6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51");
        cipher.Xor(new UInt128(0xf0f1f2f3f4f5f6f7, 0xf8f9fafbfcfdfeff), text);
        Assert.Equal(Hex("601ec313775789a5b7a7f504bbf3d228 f443e3ca4d62b59aca84e990cacaf5c5"), text);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void Both_implementations_agree_at_every_length(int keyLength)
    {
        if (!AesKeySchedule.IsSupported)
            return;
        using var hardware = new AesCounterMode(Random(keyLength, 1), useHardware: true);
        using var library = new AesCounterMode(Random(keyLength, 1), useHardware: false);
        for (int length = 0; length <= 1500; length++)
        {
            var counter = new UInt128((ulong)length * 0x9E37_79B9_7F4A_7C15, (ulong)length << 16);
            byte[] text = Random(length, length);
            byte[] other = [.. text];
            hardware.Xor(counter, text);
            library.Xor(counter, other);
            Assert.Equal(other, text);
        }
    }
}
