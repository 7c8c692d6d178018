using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Tests.Stun;

public sealed class StunMutationTests
{
    [Fact]
    public void Mutated_messages_never_throw_and_survive_a_round_trip_when_they_parse()
    {
        var random = new Random(20260101);
        byte[][] seeds = [Rfc5769Tests.Request, Rfc5769Tests.IPv4Response, Rfc5769Tests.IPv6Response, Rfc5769Tests.LongTermRequest];
        int parsed = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] datagram = Mutate(seeds[random.Next(seeds.Length)], random);
            IceAuthentication.TryGetLocalUsernameFragment(datagram, out _);
            if (!StunMessageView.TryParse(datagram, out StunMessageView message))
                continue;
            parsed++;
            ReadAll(message);
            AssertRoundTrip(message);
        }
        Assert.InRange(parsed, 1_000, 19_000);
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        byte[] datagram = [.. seed];
        for (int changes = random.Next(1, 5); changes > 0; changes--)
            datagram[random.Next(datagram.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? datagram[..random.Next(datagram.Length)] : datagram;
    }

    private static void ReadAll(in StunMessageView message)
    {
        message.CheckFingerprint();
        message.VerifyIntegrity("key"u8);
        message.TryGetPriority(out _);
        message.TryGetTieBreaker(StunAttributeType.IceControlled, out _);
        message.TryGetXorMappedAddress(out _);
        message.TryGetErrorCode(out _, out _);
        Span<StunAttributeType> types = stackalloc StunAttributeType[3];
        message.CopyUnknownAttributes(types);
        message.CopyUnknownRequired(types);
    }

    private static void AssertRoundTrip(in StunMessageView message)
    {
        byte[] buffer = new byte[256];
        var writer = new StunWriter(buffer, message.Class, message.Method, message.TransactionId);
        foreach (StunAttribute attribute in message.Attributes)
            writer.Add(attribute.Type, attribute.Value);
        Assert.True(StunMessageView.TryParse(buffer.AsSpan(0, writer.Length), out StunMessageView copy));
        Assert.Equal(message.TransactionId, copy.TransactionId);
        StunAttributeEnumerator copies = copy.Attributes;
        foreach (StunAttribute attribute in message.Attributes)
        {
            Assert.True(copies.MoveNext());
            Assert.Equal(attribute.Type, copies.Current.Type);
            Assert.True(attribute.Value.SequenceEqual(copies.Current.Value));
        }
        Assert.False(copies.MoveNext());
    }
}
