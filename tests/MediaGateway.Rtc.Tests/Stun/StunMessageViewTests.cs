using System.Buffers.Binary;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Tests.Stun;

public sealed class StunMessageViewTests
{
    private static ReadOnlySpan<byte> Password => "VOkJxbRl1RmTxUk/WvJxBt"u8;

    [Theory]
    [InlineData("", false)]
    [InlineData("000100002112A4420102030405060708090A0B", false)] // a byte short of a header
    [InlineData("000100002112A4420102030405060708090A0B0C", true)]
    [InlineData("03FF00002112A4420102030405060708090A0B0C", true)]
    [InlineData("040100002112A4420102030405060708090A0B0C", false)] // RFC 7983: first byte 0 to 3
    [InlineData("800100002112A4420102030405060708090A0B0C", false)]
    [InlineData("000100022112A4420102030405060708090A0B0C", false)] // length not a multiple of 4
    [InlineData("000100002112A4430102030405060708090A0B0C", false)] // cookie
    public void LooksLikeStun_takes_the_first_byte_cookie_and_length_of_STUN(string datagram, bool expected) =>
        Assert.Equal(expected, StunMessageView.LooksLikeStun(Convert.FromHexString(datagram)));

    [Theory]
    [InlineData("00010004", "")] // length says more than there is
    [InlineData("00010000", "80220000")] // and less
    [InlineData("00010004", "80220001")] // an attribute beyond the end
    [InlineData("00010008", "8022FFFF00000000")]
    [InlineData("00010008", "0008000400000000")] // MESSAGE-INTEGRITY of 4 bytes
    [InlineData("00010008", "001C000400000000")] // MESSAGE-INTEGRITY-SHA256 of 4 bytes
    [InlineData("00010004", "80280000")] // FINGERPRINT of none
    [InlineData("0001000C", "802800040000000080220000")] // FINGERPRINT not last
    public void TryParse_of_a_message_with_lying_lengths_fails(string start, string attributes) =>
        Assert.False(StunMessageView.TryParse(Message(start, attributes), out _));

    [Fact]
    public void TryParse_of_a_message_longer_than_a_datagram_fails()
    {
        byte[] datagram = new byte[StunMessageView.MaxLength + 4];
        Convert.FromHexString("000100002112A442").CopyTo(datagram, 0);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), (ushort)(datagram.Length - 20));
        Assert.True(StunMessageView.LooksLikeStun(datagram));
        Assert.False(StunMessageView.TryParse(datagram, out _));
    }

    [Fact]
    public void TryParse_of_every_truncation_fails()
    {
        for (int length = 0; length < Rfc5769Tests.Request.Length; length++)
            Assert.False(StunMessageView.TryParse(Rfc5769Tests.Request.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData(0x0001, 0, 0x001)]
    [InlineData(0x0011, 1, 0x001)]
    [InlineData(0x0101, 2, 0x001)]
    [InlineData(0x0111, 3, 0x001)]
    [InlineData(0x3EEF, 0, 0xFFF)]
    [InlineData(0x3FFF, 3, 0xFFF)]
    [InlineData(0x0003, 0, 0x003)]
    public void Message_type_interleaves_class_and_method(int type, int messageClass, int method)
    {
        byte[] datagram = Message(type.ToString("X4", null) + "0000", "");
        if (type > 0x03FF)
        {
            // Beyond RFC 7983's range such a message is not taken off the wire, but it is written like the others.
            Assert.False(StunMessageView.TryParse(datagram, out _));
        }
        else
        {
            Assert.True(StunMessageView.TryParse(datagram, out StunMessageView message));
            Assert.Equal((StunClass)messageClass, message.Class);
            Assert.Equal((StunMethod)method, message.Method);
        }
        byte[] written = new byte[20];
        _ = new StunWriter(written, (StunClass)messageClass, (StunMethod)method, StunTransactionId.Read(datagram.AsSpan(8)));
        Assert.Equal(datagram, written);
    }

    [Fact]
    public void Attributes_after_integrity_are_ignored()
    {
        byte[] buffer = new byte[128];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddPriority(1);
        writer.AddMessageIntegrity(Password);
        writer.AddUseCandidate();
        writer.Add((StunAttributeType)0x7FFF, [1]);
        writer.AddFingerprint();

        Assert.True(StunMessageView.TryParse(buffer.AsSpan(0, writer.Length), out StunMessageView message));
        Assert.True(message.Has(StunAttributeType.Priority));
        Assert.False(message.Has(StunAttributeType.UseCandidate));
        Assert.Equal(0, message.CopyUnknownRequired(new StunAttributeType[4]));
        Assert.True(message.VerifyIntegrity(Password));
        Assert.Equal(FingerprintStatus.Valid, message.CheckFingerprint());
    }

    [Fact]
    public void Integrity_after_integrity_with_SHA256_is_ignored()
    {
        byte[] buffer = new byte[128];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.Add(StunAttributeType.MessageIntegritySha256, new byte[32]);
        writer.AddMessageIntegrity(Password);

        Assert.True(StunMessageView.TryParse(buffer.AsSpan(0, writer.Length), out StunMessageView message));
        Assert.False(message.VerifyIntegrity(Password));
        Assert.Equal(0, message.CopyUnknownRequired(new StunAttributeType[4]));
    }

    [Fact]
    public void The_first_of_two_equal_attributes_counts()
    {
        byte[] buffer = new byte[64];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddPriority(1);
        writer.AddPriority(2);
        Assert.True(StunMessageView.TryParse(buffer.AsSpan(0, writer.Length), out StunMessageView message));
        Assert.True(message.TryGetPriority(out uint priority));
        Assert.Equal(1u, priority);
    }

    [Fact]
    public void CopyUnknownRequired_lists_only_required_types_and_as_many_as_fit()
    {
        byte[] buffer = new byte[128];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.Add((StunAttributeType)0x7001, []);
        writer.Add((StunAttributeType)0xC057, [1, 2, 3, 4]); // libwebrtc's network cost
        writer.Add((StunAttributeType)0x7002, [1]);
        writer.Add((StunAttributeType)0x7003, [1, 2, 3, 4, 5]);
        Assert.True(StunMessageView.TryParse(buffer.AsSpan(0, writer.Length), out StunMessageView message));

        var types = new StunAttributeType[8];
        Assert.Equal(3, message.CopyUnknownRequired(types));
        Assert.Equal([(StunAttributeType)0x7001, (StunAttributeType)0x7002, (StunAttributeType)0x7003], types[..3]);
        Assert.Equal(2, message.CopyUnknownRequired(types.AsSpan(0, 2)));
    }

    [Theory]
    [InlineData("0020000400010000")] // too short for an address
    [InlineData("0020000800030000E112A643")] // unknown family
    [InlineData("0020000800020000E112A643")] // IPv6 of 4 bytes
    public void TryGetXorMappedAddress_of_a_malformed_address_fails(string attribute)
    {
        byte[] datagram = Message($"0101{attribute.Length / 2:X4}", attribute);
        Assert.True(StunMessageView.TryParse(datagram, out StunMessageView message));
        Assert.False(message.TryGetXorMappedAddress(out _));
    }

    [Theory]
    [InlineData("0009000400000414", true, 420)]
    [InlineData("0009000400000457", true, 487)]
    [InlineData("0009000400000214", false, 0)]
    [InlineData("0009000400000714", false, 0)]
    [InlineData("0009000400000464", false, 0)]
    [InlineData("00090000", false, 0)]
    public void TryGetErrorCode_takes_300_to_699(string attribute, bool expected, int code)
    {
        byte[] datagram = Message($"0111{attribute.Length / 2:X4}", attribute);
        Assert.True(StunMessageView.TryParse(datagram, out StunMessageView message));
        Assert.Equal(expected, message.TryGetErrorCode(out StunErrorCode actual, out _));
        Assert.Equal(code, (int)actual);
    }

    [Fact]
    public void Any_changed_bit_breaks_integrity_or_fingerprint()
    {
        byte[] datagram = [.. Rfc5769Tests.Request];
        for (int bit = 0; bit < datagram.Length * 8; bit++)
        {
            datagram[bit / 8] ^= (byte)(1 << bit % 8);
            bool accepted = StunMessageView.TryParse(datagram, out StunMessageView message)
                && message.CheckFingerprint() == FingerprintStatus.Valid && message.VerifyIntegrity(Password);
            Assert.False(accepted, $"bit {bit}");
            datagram[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    private static byte[] Message(string start, string attributes) =>
        Convert.FromHexString(start + "2112A4420102030405060708090A0B0C" + attributes);
}
