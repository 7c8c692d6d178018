using Google.Protobuf;
using MediaGateway.Sfu.Data;

namespace MediaGateway.Server.Operations;

/// <summary>Data packets that a back end sends: LiveKit's DataPacket with a UserPacket, from nobody.</summary>
internal static class UserPackets
{
    // Field numbers of DataPacket.
    private const int Kind = 1;
    private const int User = 2;
    private const int DestinationIdentities = 5;

    // Field numbers of UserPacket.
    private const int Payload = 2;
    private const int Topic = 4;

    public static byte[] Create(DataMessage message)
    {
        using var packet = new MemoryStream();
        using (var output = new CodedOutputStream(packet, leaveOpen: true))
        {
            if (message.Kind != DataPacketKind.Reliable)
            {
                output.WriteTag(Kind, WireFormat.WireType.Varint);
                output.WriteEnum((int)message.Kind);
            }
            output.WriteTag(User, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(UserPacketOf(ByteString.CopyFrom(message.Payload.Span), message.Topic));
            foreach (string identity in message.Destinations)
            {
                output.WriteTag(DestinationIdentities, WireFormat.WireType.LengthDelimited);
                output.WriteString(identity);
            }
        }
        return packet.ToArray();
    }

    private static ByteString UserPacketOf(ByteString payload, string topic)
    {
        using var packet = new MemoryStream();
        using (var output = new CodedOutputStream(packet, leaveOpen: true))
        {
            output.WriteTag(Payload, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(payload);
            if (topic.Length > 0)
            {
                output.WriteTag(Topic, WireFormat.WireType.LengthDelimited);
                output.WriteString(topic);
            }
        }
        return ByteString.CopyFrom(packet.ToArray());
    }
}
