using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// The STUN codec: no accessor throws on any datagram; what parses is classified as STUN; and written again from its
/// attributes, signed, it parses to the same ones.
/// </summary>
public sealed class StunFuzzTarget : IFuzzTarget
{
    private static readonly byte[] Key = "VOkJxbRl1RmTxUk/WvJxBt"u8.ToArray();

    public string Name => "stun";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return CreateRequest();
            yield return CreateResponse(TransportAddress.FromIPv4(0xC000_0201, 32853));
            yield return CreateResponse(TransportAddress.FromIPv6([0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 32853));
            yield return CreateError();
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        IceAuthentication.TryGetLocalUsernameFragment(input, out _);
        if (!StunMessageView.TryParse(input, out StunMessageView message))
            return;
        if (!StunMessageView.LooksLikeStun(input))
            throw new InvalidOperationException("a parsed message must be classified as STUN");
        Read(message);
        RoundTrip(message);
    }

    private static void Read(in StunMessageView message)
    {
        message.CheckFingerprint();
        message.VerifyIntegrity(Key);
        message.TryGetPriority(out _);
        message.TryGetTieBreaker(StunAttributeType.IceControlling, out _);
        message.TryGetXorMappedAddress(out _);
        message.TryGetErrorCode(out _, out _);
        Span<StunAttributeType> types = stackalloc StunAttributeType[4];
        message.CopyUnknownAttributes(types);
        message.CopyUnknownRequired(types);
    }

    private static void RoundTrip(in StunMessageView message)
    {
        byte[] buffer = new byte[StunMessageView.MaxLength + 64];
        var writer = new StunWriter(buffer, message.Class, message.Method, message.TransactionId);
        foreach (StunAttribute attribute in message.Attributes)
            writer.Add(attribute.Type, attribute.Value);
        writer.AddMessageIntegrity(Key);
        writer.AddFingerprint();
        if (writer.Length > StunMessageView.MaxLength)
            return;
        if (!StunMessageView.TryParse(buffer.AsSpan(0, writer.Length), out StunMessageView copy))
            throw new InvalidOperationException("a written message must parse");
        if (copy.Class != message.Class || copy.Method != message.Method || copy.TransactionId != message.TransactionId)
            throw new InvalidOperationException("the header must survive a round trip");
        if (!copy.VerifyIntegrity(Key) || copy.CheckFingerprint() != FingerprintStatus.Valid)
            throw new InvalidOperationException("a written message must verify");
        CompareAttributes(message, copy);
    }

    private static void CompareAttributes(in StunMessageView message, in StunMessageView copy)
    {
        StunAttributeEnumerator copies = copy.Attributes;
        foreach (StunAttribute attribute in message.Attributes)
        {
            if (!copies.MoveNext() || copies.Current.Type != attribute.Type || !copies.Current.Value.SequenceEqual(attribute.Value))
                throw new InvalidOperationException("the attributes must survive a round trip");
        }
        if (copies.MoveNext())
            throw new InvalidOperationException("a round trip must add no attribute");
    }

    private static byte[] CreateRequest()
    {
        byte[] buffer = new byte[256];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddUsername("evtj"u8, "h6vY"u8);
        writer.Add(StunAttributeType.Software, "seed"u8);
        writer.AddPriority(0x6E00_01FF);
        writer.AddTieBreaker(StunAttributeType.IceControlling, 0x932F_F9B1_5126_3B36);
        writer.AddUseCandidate();
        return Finish(writer, buffer);
    }

    private static byte[] CreateResponse(TransportAddress mapped)
    {
        byte[] buffer = new byte[256];
        var writer = new StunWriter(buffer, StunClass.SuccessResponse, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddXorMappedAddress(mapped);
        return Finish(writer, buffer);
    }

    private static byte[] CreateError()
    {
        byte[] buffer = new byte[256];
        var writer = new StunWriter(buffer, StunClass.ErrorResponse, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddErrorCode(StunErrorCode.UnknownAttribute);
        writer.AddUnknownAttributes([(StunAttributeType)0x7001, (StunAttributeType)0x7002]);
        return Finish(writer, buffer);
    }

    private static byte[] Finish(StunWriter writer, byte[] buffer)
    {
        writer.AddMessageIntegrity(Key);
        writer.AddFingerprint();
        return buffer[..writer.Length];
    }
}
