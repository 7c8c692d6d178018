using System.Text;
using MediaGateway.Sfu.Data;
using MediaGateway.Testing.Data;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Sfu.Tests.Data;

[Collection(AllocationCollection.Name)]
public sealed class DataPacketTests
{
    private static readonly byte[] Sid = "PA_a"u8.ToArray();
    private static readonly byte[] Identity = "alice"u8.ToArray();

    [Fact]
    public void User_packet_gets_kind_and_sender_in_both_places()
    {
        // kind RELIABLE, user {payload AABB, topic t}, destination_identities [b], sequence 5
        byte[] packet = Convert.FromHexString("0800" + "1207" + "1202AABB" + "220174" + "2A0162" + "800105");

        Assert.Equal(
            // kind LOSSY, identity alice, sid PA_a, user {sid, identity, payload, topic}, destination, sequence
            "0801" + "2205616C696365" + "8A010450415F61"
            + "1214" + "0A0450415F61" + "2A05616C696365" + "1202AABB" + "220174"
            + "2A0162" + "800105",
            Convert.ToHexString(Rewrite(packet, DataPacketKind.Lossy, Sid, Identity)));
    }

    [Fact]
    public void Hidden_sender_leaves_no_trace()
    {
        byte[] packet = new ProtobufMessage()
            .Text(4, "forged").Text(17, "PA_forged")
            .Message(2, new ProtobufMessage().Text(1, "PA_forged").Bytes(2, 1).Text(5, "forged"))
            .ToArray();

        Assert.Equal(
            new ProtobufMessage().Message(2, new ProtobufMessage().Bytes(2, 1)).ToArray(),
            Rewrite(packet, DataPacketKind.Reliable, [], []));
    }

    [Fact]
    public void Sender_fields_written_many_times_are_all_replaced()
    {
        byte[] packet = new ProtobufMessage()
            .Text(4, "forged").Text(4, "again").Text(17, "PA_forged").Text(17, "").Varint(1, 1).Varint(1, 0)
            .Message(2, new ProtobufMessage().Text(5, "forged").Text(1, "PA_forged").Text(1, "PA_again"))
            .Text(4, "last")
            .ToArray();

        Assert.Equal(
            new ProtobufMessage().Text(4, "alice").Text(17, "PA_a")
                .Message(2, new ProtobufMessage().Text(1, "PA_a").Text(5, "alice")).ToArray(),
            Rewrite(packet, DataPacketKind.Reliable, Sid, Identity));
    }

    [Fact]
    public void Fields_that_the_gateway_does_not_know_are_kept()
    {
        byte[] unknown = new ProtobufMessage()
            .Varint(16, 9).Fixed32(100, 1).Bytes(13, 1, 2, 3).Fixed64(101, 2).Varint(102, ulong.MaxValue).Bytes(536_870_911, 7).ToArray();

        Assert.Equal([.. new ProtobufMessage().Text(17, "PA_a").ToArray(), .. unknown], Rewrite(unknown, DataPacketKind.Reliable, Sid, []));
    }

    [Theory]
    [InlineData(2, DataPacketValue.User)]
    [InlineData(3, DataPacketValue.Speaker)]
    [InlineData(6, DataPacketValue.SipDtmf)]
    [InlineData(7, DataPacketValue.Transcription)]
    [InlineData(8, DataPacketValue.Metrics)]
    [InlineData(15, DataPacketValue.StreamTrailer)]
    [InlineData(18, DataPacketValue.EncryptedPacket)]
    [InlineData(19, DataPacketValue.None)]
    public void Value_is_the_field_that_is_there(int field, DataPacketValue value)
    {
        Assert.True(DataPacketView.TryParse(new ProtobufMessage().Bytes(field).Varint(16, 1).ToArray(), out DataPacketView packet));
        Assert.Equal(value, packet.Value);
        Assert.Equal(1u, packet.Sequence);
    }

    [Fact]
    public void Empty_packet_is_for_everybody_and_carries_nothing()
    {
        Assert.True(DataPacketView.TryParse([], out DataPacketView packet));
        Assert.False(packet.HasDestinations);
        Assert.Equal((DataPacketValue.None, 0u, DataPacketKind.Reliable), (packet.Value, packet.Sequence, packet.Kind));
    }

    [Fact]
    public void Destinations_come_from_the_envelope_and_from_the_user_packet()
    {
        byte[] packet = new ProtobufMessage()
            .Message(2, new ProtobufMessage().Text(3, "PA_b").Text(6, "c").Text(3, "PA_d"))
            .Text(5, "b").Text(5, "c")
            .ToArray();

        Assert.Equal(["b", "c", "sid PA_b", "c", "sid PA_d"], DestinationsOf(packet));
    }

    [Fact]
    public void Field_numbers_of_a_user_packet_mean_nothing_in_another_value() =>
        Assert.Empty(DestinationsOf(new ProtobufMessage().Message(13, new ProtobufMessage().Text(3, "PA_b").Text(6, "c")).ToArray()));

    [Fact]
    public void Of_a_repeated_sequence_the_last_counts()
    {
        Assert.True(
            DataPacketView.TryParse(new ProtobufMessage().Varint(16, 1).Varint(16, 0x1_0000_0007).ToArray(), out DataPacketView packet));
        Assert.Equal(7u, packet.Sequence);
    }

    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "a tag cut short", [0x80] },
        { "field number 0", [0x00, 0x00] },
        { "a tag of more than 32 bits", [0x80, 0x80, 0x80, 0x80, 0x10, 0x00] },
        { "a varint of eleven bytes", [0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01] },
        { "a varint of more than 64 bits", [0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02] },
        { "a length beyond the end", [0x22, 0x02, 0x61] },
        { "a length of 2^63", [0x22, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01] },
        { "a fixed field cut short", [0xA5, 0x06, 0x01, 0x02, 0x03] },
        { "a group", [0xA3, 0x06, 0xA4, 0x06] },
        { "wire type 7", [0xA7, 0x06] },
        { "a kind that is text", new ProtobufMessage().Text(1, "x").ToArray() },
        { "a sequence that is text", new ProtobufMessage().Text(16, "x").ToArray() },
        { "a sid that is a number", new ProtobufMessage().Varint(17, 1).ToArray() },
        { "an identity that is a number", new ProtobufMessage().Varint(4, 1).ToArray() },
        { "a destination that is a number", new ProtobufMessage().Varint(5, 1).ToArray() },
        { "a value that is a number", new ProtobufMessage().Varint(2, 1).ToArray() },
        { "two values", new ProtobufMessage().Bytes(8).Bytes(2).ToArray() },
        { "the same value twice", new ProtobufMessage().Bytes(2).Bytes(2).ToArray() },
        { "a user packet cut short", new ProtobufMessage().Bytes(2, 0x0A, 0x05, 0x61).ToArray() },
        { "a user packet's sid that is a number", new ProtobufMessage().Message(2, new ProtobufMessage().Varint(1, 1)).ToArray() },
        { "a user packet's destination that is a number", new ProtobufMessage().Message(2, new ProtobufMessage().Varint(6, 1)).ToArray() },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_packet_is_refused(string what, byte[] packet) =>
        Assert.False(DataPacketView.TryParse(packet, out _), what);

    [Theory]
    [InlineData(DataPacketView.MaxDestinations, true)]
    [InlineData(DataPacketView.MaxDestinations + 1, false)]
    public void Destinations_are_counted(int count, bool expected)
    {
        ProtobufMessage envelope = new();
        ProtobufMessage user = new();
        for (int i = 0; i < count; i++)
        {
            envelope.Text(5, "b");
            user.Text(i % 2 == 0 ? 3 : 6, "b");
        }

        Assert.Equal(expected, DataPacketView.TryParse(envelope.ToArray(), out _));
        Assert.Equal(expected, DataPacketView.TryParse(new ProtobufMessage().Message(2, user).ToArray(), out _));
    }

    [Theory]
    [InlineData(DataPacketView.MaxLength, true)]
    [InlineData(DataPacketView.MaxLength + 1, false)]
    public void Packet_length_is_limited(int length, bool expected)
    {
        byte[] packet = new ProtobufMessage().Bytes(18, new byte[length - 5]).ToArray();

        Assert.Equal(length, packet.Length);
        Assert.Equal(expected, DataPacketView.TryParse(packet, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutated_packets_keep_every_property(int seed)
    {
        var random = new Random(seed);
        byte[][] seeds = [.. DataPacketProperties.Seeds];
        int parsed = 0;
        for (int i = 0; i < 10_000; i++)
        {
            byte[] packet = [.. seeds[random.Next(seeds.Length)]];
            for (int mutations = random.Next(4); mutations > 0 && packet.Length > 0; mutations--)
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            if (DataPacketProperties.Check(packet.AsSpan(0, random.Next(10) == 0 ? random.Next(packet.Length + 1) : packet.Length)))
                parsed++;
        }
        Assert.InRange(parsed, 2000, 9900);
    }

    [Fact]
    public void Rewriting_allocates_nothing()
    {
        byte[] packet = DataPacketProperties.Seeds.First();
        byte[] destination = new byte[1024];
        Rewrite();

        Assert.Equal(0, AllocatedBytes.LeastOf(() =>
        {
            for (int i = 0; i < 100; i++)
                Rewrite();
        }));

        void Rewrite()
        {
            Assert.True(DataPacketView.TryParse(packet, out DataPacketView view));
            Assert.True(DataPacketWriter.TryWrite(view, DataPacketKind.Reliable, new DataPacketSender(Sid, Identity), destination, out _));
        }
    }

    private static byte[] Rewrite(byte[] packet, DataPacketKind kind, byte[] sid, byte[] identity)
    {
        byte[] destination = new byte[1024];
        Assert.True(DataPacketView.TryParse(packet, out DataPacketView view));
        Assert.True(DataPacketWriter.TryWrite(view, kind, new DataPacketSender(sid, identity), destination, out int length));
        return destination[..length];
    }

    private static List<string> DestinationsOf(byte[] packet)
    {
        Assert.True(DataPacketView.TryParse(packet, out DataPacketView view));
        List<string> destinations = [];
        foreach (DataDestination destination in view.Destinations)
            destinations.Add((destination.IsSid ? "sid " : "") + Encoding.UTF8.GetString(destination.Name));
        return destinations;
    }
}
