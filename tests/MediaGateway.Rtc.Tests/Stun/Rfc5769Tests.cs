using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Tests.Stun;

/// <summary>The test vectors of RFC 5769, byte for byte.</summary>
public sealed class Rfc5769Tests
{
    internal static readonly byte[] Request = Convert.FromHexString(
        "000100582112A442B7E7A701BC34D686FA87DFAE" +
        "802200105354554E207465737420636C69656E74" +
        "002400046E0001FF" +
        "80290008932FF9B151263B36" +
        "000600096576746A3A68367659202020" +
        "000800149AEAA70CBFD8CB56781EF2B5B2D3F249C1B571A2" +
        "80280004E57A3BCF");

    internal static readonly byte[] IPv4Response = Convert.FromHexString(
        "0101003C2112A442B7E7A701BC34D686FA87DFAE" +
        "8022000B7465737420766563746F7220" +
        "002000080001A147E112A643" +
        "000800142B91F599FD9E90C38C7489F92AF9BA53F06BE7D7" +
        "80280004C07D4C96");

    internal static readonly byte[] IPv6Response = Convert.FromHexString(
        "010100482112A442B7E7A701BC34D686FA87DFAE" +
        "8022000B7465737420766563746F7220" +
        "002000140002A1470113A9FAA5D3F179BC25F4B5BED2B9D9" +
        "00080014A382954E4BE67BF11784C97C8292C275BFE3ED41" +
        "80280004C8FB0B4C");

    internal static readonly byte[] LongTermRequest = Convert.FromHexString(
        "000100602112A44278AD3433C6AD72C029DA412E" +
        "00060012E3839EE38388E383AAE38383E382AFE382B90000" +
        "0015001C662F2F3439396B39353464364F4C33346F4C39465354767936347341" +
        "0014000B6578616D706C652E6F726700" +
        "00080014F67024656DD64A3E02B8E0712E85C9A28CA89666");

    private static readonly StunTransactionId TransactionId = new(0xB7E7_A701_BC34_D686, 0xFA87_DFAE);

    private static ReadOnlySpan<byte> Password => "VOkJxbRl1RmTxUk/WvJxBt"u8;

    [Fact]
    public void Request_of_section_2_1_is_read_and_verified()
    {
        Assert.True(StunMessageView.TryParse(Request, out StunMessageView message));
        Assert.Equal(StunClass.Request, message.Class);
        Assert.Equal(StunMethod.Binding, message.Method);
        Assert.Equal(TransactionId, message.TransactionId);
        Assert.True(message.TryGet(StunAttributeType.Software, out ReadOnlySpan<byte> software));
        Assert.Equal("STUN test client", Encoding.UTF8.GetString(software));
        Assert.True(message.TryGetPriority(out uint priority));
        Assert.Equal(0x6E00_01FFu, priority);
        Assert.True(message.TryGetTieBreaker(StunAttributeType.IceControlled, out ulong tieBreaker));
        Assert.Equal(0x932F_F9B1_5126_3B36ul, tieBreaker);
        Assert.True(message.TryGet(StunAttributeType.Username, out ReadOnlySpan<byte> username));
        Assert.Equal("evtj:h6vY", Encoding.UTF8.GetString(username));
        Assert.False(message.Has(StunAttributeType.UseCandidate));
        AssertVerifies(message);
    }

    [Fact]
    public void IPv4_response_of_section_2_2_is_read_and_verified()
    {
        Assert.True(StunMessageView.TryParse(IPv4Response, out StunMessageView message));
        Assert.Equal(StunClass.SuccessResponse, message.Class);
        Assert.True(message.TryGetXorMappedAddress(out TransportAddress mapped));
        Assert.Equal("192.0.2.1:32853", mapped.ToString());
        AssertVerifies(message);
    }

    [Fact]
    public void IPv6_response_of_section_2_3_is_read_and_verified()
    {
        Assert.True(StunMessageView.TryParse(IPv6Response, out StunMessageView message));
        Assert.True(message.TryGetXorMappedAddress(out TransportAddress mapped));
        Assert.Equal("[2001:db8:1234:5678:11:2233:4455:6677]:32853", mapped.ToString());
        AssertVerifies(message);
    }

    [Fact]
    [SuppressMessage("Security", "CA5351", Justification = "RFC 8489 section 9.2.2 derives the long-term key with MD5.")]
    public void Long_term_request_of_section_2_4_is_read_and_verified()
    {
        Assert.True(StunMessageView.TryParse(LongTermRequest, out StunMessageView message));
        Assert.True(message.TryGet(StunAttributeType.Username, out ReadOnlySpan<byte> username));
        Assert.Equal("\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9", Encoding.UTF8.GetString(username));
        Assert.True(message.TryGet(StunAttributeType.Nonce, out ReadOnlySpan<byte> nonce));
        Assert.Equal("f//499k954d6OL34oL9FSTvy64sA", Encoding.UTF8.GetString(nonce));
        Assert.True(message.TryGet(StunAttributeType.Realm, out ReadOnlySpan<byte> realm));
        Assert.Equal("example.org", Encoding.UTF8.GetString(realm));
        byte[] key = MD5.HashData(Encoding.UTF8.GetBytes("\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9:example.org:TheMatrIX"));
        Assert.True(message.VerifyIntegrity(key));
        Assert.Equal(FingerprintStatus.Absent, message.CheckFingerprint());
    }

    private static void AssertVerifies(in StunMessageView message)
    {
        Assert.True(message.VerifyIntegrity(Password));
        Assert.False(message.VerifyIntegrity("VOkJxbRl1RmTxUk/WvJxBs"u8));
        Assert.Equal(FingerprintStatus.Valid, message.CheckFingerprint());
    }
}
