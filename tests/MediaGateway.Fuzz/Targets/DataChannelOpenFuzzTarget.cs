using MediaGateway.Rtc.Sctp;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>DATA_CHANNEL_OPEN: parsing never throws, and what parses is written again byte for byte.</summary>
public sealed class DataChannelOpenFuzzTarget : IFuzzTarget
{
    public string Name => "data-channel-open";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return Write(new DataChannelParameters { Label = "chat", Protocol = "v1" });
            yield return Write(new DataChannelParameters { Label = "é", IsOrdered = false, MaxRetransmits = 3 });
            yield return Write(new DataChannelParameters { Label = "", MaxLifetime = TimeSpan.FromSeconds(2), Priority = 1 });
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!DataChannelOpen.TryParse(input, out DataChannelParameters? parameters))
            return;
        byte[] written = Write(parameters);
        bool isReliable = (input[1] & 0x7F) == 0;
        Property.Holds(written.Length == input.Length, "a written message is as long as the read one");
        // The reliability parameter of a reliable channel is to be ignored (RFC 8832 section 5.1).
        int skipped = isReliable ? 8 : 4;
        Property.Holds(written.AsSpan(0, 4).SequenceEqual(input[..4])
            && written.AsSpan(skipped).SequenceEqual(input[skipped..]), "a message survives a round trip");
    }

    private static byte[] Write(DataChannelParameters parameters)
    {
        byte[] buffer = new byte[DataChannelOpen.MaxLength];
        return buffer[..DataChannelOpen.Write(parameters, buffer)];
    }
}
