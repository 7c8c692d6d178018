using System.Security.Cryptography;
using MediaGateway.Rtc.Srtp;
using static MediaGateway.Rtc.Tests.Srtp.SrtpTestData;

namespace MediaGateway.Rtc.Tests.Srtp;

public class PacketAeadTests
{
    private const string Plain =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";

    public static TheoryData<bool> Implementations => HardwareAesGcm.IsSupported ? new(true, false) : new(false);

    // The GCM specification (McGrew and Viega), appendix B, test cases 1, 2, 4, 13, 14 and 16.
    public static TheoryData<string, string, string, string, string, string> Vectors => new()
    {
        { "00000000000000000000000000000000", "000000000000000000000000", "", "", "", "58e2fccefa7e3061367f1d57a4e7455a" },
        {
            "00000000000000000000000000000000", "000000000000000000000000", "", "00000000000000000000000000000000",
            "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf"
        },
        {
            "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2", Plain,
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
            "5bc94fbc3221a5db94fae95ae7121a47"
        },
        {
            "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "", "",
            "530f8afbc74536b9a963b4f1c4cb738b"
        },
        {
            "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
            "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"
        },
        {
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2", Plain,
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b"
        },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Seal_and_open_give_the_vectors_of_the_specification(
        string key, string nonce, string associatedData, string plain, string cipher, string tag)
    {
        foreach (bool useHardware in new[] { HardwareAesGcm.IsSupported, false })
        {
            using var aead = PacketAead.Create(Hex(key), useHardware);
            byte[] text = Hex(plain);
            byte[] actualTag = new byte[16];
            aead.Seal(Nonce(Hex(nonce)), Hex(associatedData), text, actualTag);
            Assert.Equal(Hex(cipher), text);
            Assert.Equal(Hex(tag), actualTag);
            Assert.True(aead.TryOpen(Nonce(Hex(nonce)), Hex(associatedData), text, actualTag));
            Assert.Equal(Hex(plain), text);
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void Seal_and_open_agree_with_the_base_library_at_every_length(int keyLength)
    {
        using var aead = PacketAead.Create(Random(keyLength, 1));
        using var library = new AesGcm(Random(keyLength, 1), 16);
        for (int length = 0; length <= 1500; length++)
        {
            byte[] nonce = Random(12, length);
            byte[] associatedData = Random(12 + length % 69, length);
            byte[] plain = Random(length, length + 1);
            byte[] expected = new byte[length];
            byte[] expectedTag = new byte[16];
            library.Encrypt(nonce, plain, expected, expectedTag, associatedData);

            byte[] text = [.. plain];
            byte[] tag = new byte[16];
            aead.Seal(Nonce(nonce), associatedData, text, tag);
            Assert.Equal(expected, text);
            Assert.Equal(expectedTag, tag);
            Assert.True(aead.TryOpen(Nonce(nonce), associatedData, text, tag));
            Assert.Equal(plain, text);
        }
    }

    [Fact]
    public void Seal_agrees_with_the_base_library_at_every_length_of_associated_data()
    {
        using var aead = PacketAead.Create(Random(16, 1));
        using var library = new AesGcm(Random(16, 1), 16);
        for (int length = 0; length <= 1500; length++)
        {
            byte[] associatedData = Random(length, length);
            byte[] plain = Random(50, length);
            byte[] expected = new byte[50];
            byte[] expectedTag = new byte[16];
            library.Encrypt(Random(12, 5), plain, expected, expectedTag, associatedData);
            byte[] tag = new byte[16];
            aead.Seal(Nonce(Random(12, 5)), associatedData, plain, tag);
            Assert.Equal(expected, plain);
            Assert.Equal(expectedTag, tag);
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void TryOpen_of_anything_altered_fails(bool useHardware)
    {
        using var aead = PacketAead.Create(Random(16, 1), useHardware);
        byte[] associatedData = Random(20, 2);
        byte[] text = Random(300, 3);
        byte[] tag = new byte[16];
        aead.Seal(7, associatedData, text, tag);
        var random = new Random(4);
        for (int i = 0; i < 500; i++)
        {
            byte[][] parts = [[.. associatedData], [.. text], [.. tag]];
            byte[] part = parts[i % 3];
            part[random.Next(part.Length)] ^= (byte)(1 << random.Next(8));
            Assert.False(aead.TryOpen(7, parts[0], parts[1], parts[2]));
        }
        Assert.False(aead.TryOpen(8, associatedData, [.. text], tag));
        Assert.True(aead.TryOpen(7, associatedData, text, tag));
    }

    [Fact]
    public void TryOpen_by_hardware_leaves_a_forged_text_as_it_was()
    {
        if (!HardwareAesGcm.IsSupported)
            return;
        using var aead = PacketAead.Create(Random(16, 1), useHardware: true);
        for (int length = 0; length < 400; length++)
        {
            byte[] text = Random(length, length);
            Assert.False(aead.TryOpen(7, Random(12, 1), text, Random(16, 1)));
            Assert.Equal(Random(length, length), text);
        }
    }

    private static UInt128 Nonce(byte[] bytes) => bytes.Aggregate(UInt128.Zero, (nonce, next) => nonce << 8 | next);
}
