using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Fuzz.Targets;

/// <summary>Properties of the store of parameter sets, whatever packets bring.</summary>
internal static class ParameterSetProperties
{
    public static void Hold(CodecKind codec, ReadOnlySpan<byte> input)
    {
        var store = new ParameterSetStore(codec);
        long sequence = 0;
        // Whole, then in pieces, as the payloads of packets that follow each other.
        store.OnPacket(new ExtendedSequence(sequence++), input);
        for (ReadOnlySpan<byte> rest = input; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, 9)..])
            store.OnPacket(new ExtendedSequence(sequence++), rest[..Math.Min(rest.Length, 9)]);
        Property.Holds(store.Count <= ParameterSetStore.MaxSets && store.Bytes <= ParameterSetStore.MaxBytes, "memory is bounded");
        var other = new ParameterSetStore(codec);
        foreach (byte[] payload in store.Current.Payloads)
        {
            Property.Holds(payload.Length <= ParameterSets.MaxPayload, "a packet fits the path");
            other.Learn(payload);
        }
        Property.Holds(
            other.Current.Payloads.Select(Convert.ToHexString).SequenceEqual(store.Current.Payloads.Select(Convert.ToHexString)),
            "who learns the sets knows the same");
    }
}
