using System.Text;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Tests.Stun;

public sealed class StunWriterTests
{
    private static ReadOnlySpan<byte> Password => "VOkJxbRl1RmTxUk/WvJxBt"u8;

    [Fact]
    public void Check_is_read_back_as_written()
    {
        byte[] buffer = new byte[256];
        buffer.AsSpan().Fill(0xFF);
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, new StunTransactionId(3, 4));
        writer.AddUsername("evtj"u8, "h6vY"u8);
        writer.AddPriority(0x6E00_01FF);
        writer.AddTieBreaker(StunAttributeType.IceControlling, 5);
        writer.AddUseCandidate();
        writer.AddMessageIntegrity(Password);
        writer.AddFingerprint();

        Assert.True(StunMessageView.TryParse(buffer.AsSpan(0, writer.Length), out StunMessageView message));
        Assert.Equal(new StunTransactionId(3, 4), message.TransactionId);
        Assert.True(message.TryGet(StunAttributeType.Username, out ReadOnlySpan<byte> username));
        Assert.Equal("evtj:h6vY", Encoding.UTF8.GetString(username));
        Assert.True(message.TryGetTieBreaker(StunAttributeType.IceControlling, out ulong tieBreaker));
        Assert.Equal(5ul, tieBreaker);
        Assert.True(message.Has(StunAttributeType.UseCandidate));
        Assert.True(message.VerifyIntegrity(Password));
        Assert.Equal(FingerprintStatus.Valid, message.CheckFingerprint());
        Assert.Equal([0, 0, 0], buffer[(20 + 4 + 9)..(20 + 4 + 12)]);
    }

    [Theory]
    [InlineData("192.0.2.1", 32853, "0001A147E112A643")]
    [InlineData("2001:db8:1234:5678:11:2233:4455:6677", 32853, "0002A1470113A9FAA5D3F179BC25F4B5BED2B9D9")]
    [InlineData("::ffff:192.0.2.1", 32853, "0001A147E112A643")]
    public void Mapped_address_is_written_as_in_RFC_5769(string address, int port, string expected)
    {
        byte[] buffer = new byte[64];
        var writer = new StunWriter(buffer, StunClass.SuccessResponse, StunMethod.Binding,
            StunTransactionId.Read(Rfc5769Tests.IPv4Response.AsSpan(8)));
        writer.AddXorMappedAddress(TransportAddress.From(System.Net.IPAddress.Parse(address), port));
        Assert.True(StunMessageView.TryParse(buffer.AsSpan(0, writer.Length), out StunMessageView message));
        Assert.True(message.TryGet(StunAttributeType.XorMappedAddress, out ReadOnlySpan<byte> value));
        Assert.Equal(expected, Convert.ToHexString(value));
    }

    [Fact]
    public void Error_is_read_back_as_written()
    {
        byte[] buffer = new byte[128];
        var writer = new StunWriter(buffer, StunClass.ErrorResponse, StunMethod.Binding, new StunTransactionId(3, 4));
        writer.AddErrorCode(StunErrorCode.UnknownAttribute);
        writer.AddUnknownAttributes([(StunAttributeType)1234]);

        Assert.True(StunMessageView.TryParse(buffer.AsSpan(0, writer.Length), out StunMessageView message));
        Assert.True(message.TryGetErrorCode(out StunErrorCode code, out ReadOnlySpan<byte> reason));
        Assert.Equal(StunErrorCode.UnknownAttribute, code);
        Assert.True(reason.IsEmpty);
        var types = new StunAttributeType[2];
        Assert.Equal(1, message.CopyUnknownAttributes(types));
        Assert.Equal((StunAttributeType)1234, types[0]);
    }

    [Fact]
    public void Crc32_has_the_check_value_of_the_standard() => Assert.Equal(0xCBF4_3926, Crc32.Compute("123456789"u8));
}
