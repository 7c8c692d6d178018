using MediaGateway.Platform.Dtls;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using static MediaGateway.Platform.Tests.Dtls.DtlsRecords;

namespace MediaGateway.Platform.Tests.Dtls;

public sealed class DtlsRecordFilterTests
{
    private const byte ClientHello = 1, ServerHello = 2, ServerHelloDone = 14, ClientKeyExchange = 16, Finished = 20;

    [Theory]
    [MemberData(nameof(Stacks))]
    public void Captured_client_hello_passes_to_a_server_only(string stack)
    {
        foreach (byte[] datagram in ClientHelloCapture.Load(stack))
        {
            Assert.Equal(DropReason.None, ToServer(datagram));
            Assert.Equal(DropReason.DtlsIllegalRecord, ToClient(datagram));
        }
    }

    public static TheoryData<string> Stacks => [.. ClientHelloCapture.Stacks];

    [Fact]
    public void Truncated_datagram_is_malformed()
    {
        byte[] datagram = ClientHelloCapture.Load("chromium")[0];
        for (int length = 0; length < datagram.Length; length++)
            Assert.Equal(DropReason.DtlsMalformed, ToServer(datagram.AsSpan(0, length)));
        Assert.Equal(DropReason.DtlsMalformed, ToServer([.. datagram, 0]));
    }

    [Theory]
    [InlineData(0x0303)]
    [InlineData(0xFEFC)]
    [InlineData(0x0100)]
    public void Other_versions_are_malformed(int version) =>
        Assert.Equal(DropReason.DtlsMalformed, ToServer(Record(Handshake, 0, 0, Message(ClientHello, new byte[4]), (ushort)version)));

    [Fact]
    public void Empty_record_is_malformed() => Assert.Equal(DropReason.DtlsMalformed, ToServer(Record(Handshake, 0, 0, [])));

    [Theory]
    [InlineData(19)]
    [InlineData(24)]
    [InlineData(0)]
    public void Unknown_content_type_is_illegal(int type)
    {
        Assert.Equal(DropReason.DtlsIllegalRecord, ToServer(Record((byte)type, 0, 0, new byte[30])));
        Assert.Equal(DropReason.DtlsIllegalRecord, ToServer(Record((byte)type, 1, 0, new byte[30]), connected: true));
    }

    [Fact]
    public void Plaintext_application_data_is_illegal() =>
        Assert.Equal(DropReason.DtlsIllegalRecord, ToServer(Record(ApplicationData, 0, 0, new byte[30])));

    [Fact]
    public void Change_cipher_spec_must_be_one()
    {
        Assert.Equal(DropReason.None, ToServer(Record(ChangeCipherSpec, 0, 5, [1])));
        Assert.Equal(DropReason.DtlsMalformed, ToServer(Record(ChangeCipherSpec, 0, 5, [2])));
        Assert.Equal(DropReason.DtlsMalformed, ToServer(Record(ChangeCipherSpec, 0, 5, [1, 1])));
        Assert.Equal(DropReason.DtlsIllegalRecord, ToServer(Record(ChangeCipherSpec, 1, 5, new byte[30])));
    }

    [Fact]
    public void Plaintext_alert_reaches_only_a_client_in_its_handshake()
    {
        byte[] fatal = Record(Alert, 0, 5, [2, 40]);
        Assert.Equal(DropReason.None, ToClient(fatal));
        Assert.Equal(DropReason.DtlsIllegalRecord, ToClient(fatal, connected: true));
        Assert.Equal(DropReason.DtlsIllegalRecord, ToServer(fatal));
        Assert.Equal(DropReason.DtlsMalformed, ToClient(Record(Alert, 0, 5, [3, 40])));
        Assert.Equal(DropReason.DtlsMalformed, ToClient(Record(Alert, 0, 5, [2])));
        Assert.Equal(DropReason.DtlsMalformed, ToClient(Record(Alert, 0, 5, [2, 40, 0])));
    }

    [Fact]
    public void Handshake_message_must_be_one_the_peer_sends()
    {
        Assert.Equal(DropReason.None, ToServer(Record(Handshake, 0, 0, Message(ClientKeyExchange, new byte[33]))));
        Assert.Equal(DropReason.None, ToClient(Record(Handshake, 0, 0, Message(ServerHello, new byte[70]))));
        Assert.Equal(DropReason.DtlsIllegalRecord, ToServer(Record(Handshake, 0, 0, Message(ServerHello, new byte[70]))));
        Assert.Equal(DropReason.DtlsIllegalRecord, ToClient(Record(Handshake, 0, 0, Message(ClientKeyExchange, new byte[33]))));
        Assert.Equal(DropReason.DtlsIllegalRecord, ToServer(Record(Handshake, 0, 0, Message(Finished, new byte[12]))));
    }

    [Fact]
    public void Inconsistent_fragment_is_malformed()
    {
        byte[] part = new byte[10];
        Assert.Equal(DropReason.None, ToServer(Record(Handshake, 0, 0, Message(ClientHello, part, length: 30, offset: 20))));
        Assert.Equal(DropReason.DtlsMalformed, ToServer(Record(Handshake, 0, 0, Message(ClientHello, part, length: 30, offset: 21))));
        Assert.Equal(DropReason.DtlsMalformed,
            ToServer(Record(Handshake, 0, 0, Message(ClientHello, part, length: 30, fragmentLength: 11))));
        Assert.Equal(DropReason.DtlsMalformed, ToServer(Record(Handshake, 0, 0, Message(ClientHello, part, length: 16385))));
        Assert.Equal(DropReason.DtlsMalformed, ToServer(Record(Handshake, 0, 0, Message(ClientHello, [], length: 30))));
        Assert.Equal(DropReason.DtlsMalformed, ToServer(Record(Handshake, 0, 0, Message(ClientHello, []))));
        Assert.Equal(DropReason.DtlsMalformed, ToServer(Record(Handshake, 0, 0, new byte[11])));
    }

    [Fact]
    public void Server_hello_done_is_empty() =>
        Assert.Equal(DropReason.None, ToClient(Record(Handshake, 0, 0, Message(ServerHelloDone, []))));

    [Fact]
    public void Second_message_of_a_record_is_looked_at()
    {
        byte[] good = Message(ClientHello, new byte[10], length: 30);
        byte[] bad = Message(ServerHello, new byte[10], length: 30);
        Assert.Equal(DropReason.None, ToServer(Record(Handshake, 0, 0, (byte[])[.. good, .. good])));
        Assert.Equal(DropReason.DtlsIllegalRecord, ToServer(Record(Handshake, 0, 0, (byte[])[.. good, .. bad])));
    }

    [Fact]
    public void Encrypted_record_shorter_than_its_overhead_is_malformed()
    {
        for (int length = 1; length <= 24; length++)
            Assert.Equal(DropReason.DtlsMalformed, ToServer(Record(ApplicationData, 1, 9, new byte[length]), connected: true));
        Assert.Equal(DropReason.None, ToServer(Record(ApplicationData, 1, 9, new byte[25]), connected: true));
    }

    [Fact]
    public void Later_epoch_is_illegal() =>
        Assert.Equal(DropReason.DtlsIllegalRecord, ToServer(Record(ApplicationData, 2, 9, new byte[60]), connected: true));

    [Fact]
    public void One_bad_record_drops_the_datagram()
    {
        byte[] good = Record(ApplicationData, 1, 9, new byte[40]), bad = Record(ApplicationData, 1, 10, new byte[20]);
        Assert.Equal(DropReason.DtlsMalformed, ToServer([.. good, .. bad], connected: true));
        Assert.Equal(DropReason.DtlsMalformed, ToServer([.. bad, .. good], connected: true));
    }

    [Fact]
    public void Early_encrypted_records_are_capped_until_connected()
    {
        var filter = new DtlsRecordFilter(DtlsRole.Server);
        byte[] record = Record(Handshake, 1, 0, new byte[40]);
        for (int i = 0; i < DtlsRecordFilter.MaxEarlyRecords - 1; i++)
            Assert.Equal(DropReason.None, filter.Check(record));
        Assert.Equal(DropReason.DtlsTooManyEarlyRecords, filter.Check((byte[])[.. record, .. record]));
        Assert.Equal(DropReason.None, filter.Check(record));
        Assert.Equal(DropReason.DtlsTooManyEarlyRecords, filter.Check(record));

        filter.IsConnected = true;
        Assert.Equal(DropReason.None, filter.Check(record));
    }

    [Fact]
    public void Mutated_records_never_throw_and_pass_only_as_whole_records()
    {
        var random = new Random(7347);
        byte[][] seeds = [.. ClientHelloCapture.Stacks.SelectMany(ClientHelloCapture.Load)];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] datagram = [.. seeds[random.Next(seeds.Length)]];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
                datagram[random.Next(Math.Min(datagram.Length, 30))] = (byte)random.Next(256);
            datagram = datagram[..random.Next(datagram.Length + 1)];

            DropReason reason = ToServer(datagram, connected: i % 2 == 0);
            Assert.True(reason != DropReason.None || IsRunOfRecords(datagram), Convert.ToHexString(datagram));
        }
    }

    private static bool IsRunOfRecords(ReadOnlySpan<byte> datagram)
    {
        while (datagram.Length > HeaderLength && (datagram[11] << 8 | datagram[12]) + HeaderLength <= datagram.Length)
            datagram = datagram[((datagram[11] << 8 | datagram[12]) + HeaderLength)..];
        return datagram.IsEmpty;
    }

    private static DropReason ToServer(ReadOnlySpan<byte> datagram, bool connected = false) =>
        new DtlsRecordFilter(DtlsRole.Server) { IsConnected = connected }.Check(datagram);

    private static DropReason ToClient(ReadOnlySpan<byte> datagram, bool connected = false) =>
        new DtlsRecordFilter(DtlsRole.Client) { IsConnected = connected }.Check(datagram);
}
