using System.Text;
using MediaGateway.Sfu.Data;

namespace MediaGateway.Testing.Data;

/// <summary>
/// Properties of any bytes as a data packet: reading never throws; a written packet has exactly the length that was
/// said and reads back with the gateway's sender and kind and the sender's everything else; writing is idempotent.
/// </summary>
public static class DataPacketProperties
{
    private const string Sid = "PA_properties";
    private const string Identity = "propriétaire";

    public static IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return UserPacket().ToArray();
            yield return new ProtobufMessage().Text(5, "b").Varint(16, 7).Message(13, new ProtobufMessage().Text(1, "stream")).ToArray();
            yield return new ProtobufMessage().Varint(1, 1).Bytes(18, 1, 2, 3).Fixed32(100, 1).Fixed64(101, 2).ToArray();
            yield return new ProtobufMessage().Text(17, "PA_forged").Text(17, "PA_again").Varint(16, uint.MaxValue).ToArray();
            yield return [];
        }
    }

    private static ProtobufMessage UserPacket() => new ProtobufMessage()
        .Message(2,
            new ProtobufMessage().Text(1, "PA_forged").Bytes(2, 1, 2, 3).Text(3, "PA_b").Text(4, "topic").Text(5, "forged").Text(6, "b"))
        .Text(4, "forged").Text(5, "b").Text(5, "c").Varint(16, 300).Text(17, "PA_forged");

    /// <exception cref="InvalidOperationException">A property does not hold.</exception>
    /// <returns>Whether the input is a data packet.</returns>
    public static bool Check(ReadOnlySpan<byte> input)
    {
        if (!DataPacketView.TryParse(input, out DataPacketView packet))
            return false;
        byte[] sid = Encoding.UTF8.GetBytes(Sid);
        byte[] identity = Encoding.UTF8.GetBytes(Identity);
        Check(packet, DataPacketKind.Lossy, new DataPacketSender(sid, identity));
        Check(packet, DataPacketKind.Reliable, new DataPacketSender(sid, identity));
        Check(packet, DataPacketKind.Reliable, default);
        return true;
    }

    private static void Check(in DataPacketView packet, DataPacketKind kind, in DataPacketSender sender)
    {
        byte[] written = Write(packet, kind, sender);
        if (written.Length > DataPacketView.MaxLength)
            return;
        Holds(DataPacketView.TryParse(written, out DataPacketView again), "a written packet parses");
        Holds(again.Kind == kind, "the kind is the channel's");
        Holds(again.ParticipantSid.SequenceEqual(sender.Sid), "the envelope has the sender's sid");
        Holds(again.ParticipantIdentity.SequenceEqual(sender.Identity), "the envelope has the sender's identity");
        bool isUser = packet.Value == DataPacketValue.User;
        Holds(!isUser || again.User.ParticipantSid.SequenceEqual(sender.Sid), "the user packet has the sender's sid");
        Holds(!isUser || again.User.ParticipantIdentity.SequenceEqual(sender.Identity), "the user packet has the sender's identity");
        Holds(again.Sequence == packet.Sequence && again.Value == packet.Value, "sequence and value are kept");
        Holds(SameDestinations(packet, again), "the destinations are kept");
        Holds(Write(again, kind, sender).AsSpan().SequenceEqual(written), "writing again changes nothing");
    }

    private static byte[] Write(in DataPacketView packet, DataPacketKind kind, in DataPacketSender sender)
    {
        int needed = DataPacketWriter.LengthOf(packet, kind, sender);
        byte[] written = new byte[needed];
        if (needed > 0)
            Holds(!DataPacketWriter.TryWrite(packet, kind, sender, written.AsSpan(1), out _), "a span too short is refused");
        Holds(DataPacketWriter.TryWrite(packet, kind, sender, written, out int length), "a span of the stated length is enough");
        Holds(length == needed, "the stated length is the written one");
        return written;
    }

    private static bool SameDestinations(in DataPacketView packet, in DataPacketView again)
    {
        DataDestinationEnumerator others = again.Destinations;
        int count = 0;
        foreach (DataDestination destination in packet.Destinations)
        {
            if (!others.MoveNext() || others.Current.IsSid != destination.IsSid || !others.Current.Name.SequenceEqual(destination.Name))
                return false;
            count++;
        }
        return !others.MoveNext() && packet.HasDestinations == count > 0 && again.HasDestinations == packet.HasDestinations;
    }

    private static void Holds(bool condition, string property)
    {
        if (!condition)
            throw new InvalidOperationException($"violated: {property}");
    }
}
