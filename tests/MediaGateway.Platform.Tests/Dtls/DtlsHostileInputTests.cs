using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Dtls;
using static MediaGateway.Platform.Tests.Dtls.DtlsRecords;

namespace MediaGateway.Platform.Tests.Dtls;

/// <summary>Tests of datagrams that an off-path attacker can send: forged, mutated, replayed and reflected ones.</summary>
[Collection(DtlsCollection.Name)]
public sealed class DtlsHostileInputTests(DtlsContexts contexts)
{
    [Fact]
    public void Forged_short_records_do_not_end_a_connection()
    {
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client);
        foreach (DtlsPeer victim in Both(link))
        {
            foreach (byte type in (byte[])[Alert, Handshake, ApplicationData])
            {
                for (int length = 1; length <= 64; length++)
                    victim.Endpoint.OnDatagram(Record(type, 1, 1000 + (ulong)length, new byte[length]), link.Now);
            }
        }
        AssertAlive(link);
    }

    [Fact]
    public void Forged_plaintext_records_do_not_end_a_connection()
    {
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client);
        foreach (DtlsPeer victim in Both(link))
        {
            for (ulong sequence = 0; sequence < 64; sequence++)
            {
                victim.Endpoint.OnDatagram(Record(Alert, 0, sequence, [2, 40]), link.Now);
                victim.Endpoint.OnDatagram(Record(Alert, 0, sequence, [1, 0]), link.Now);
                victim.Endpoint.OnDatagram(Record(ChangeCipherSpec, 0, sequence, [1]), link.Now);
            }
            foreach (byte[] datagram in ClientHelloCapture.Stacks.SelectMany(ClientHelloCapture.Load))
                victim.Endpoint.OnDatagram(datagram, link.Now);
        }
        AssertAlive(link);
    }

    [Fact]
    public void Reflected_and_replayed_datagrams_do_not_end_a_connection()
    {
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client);
        Assert.True(link.CarriesApplicationData());
        byte[][] fromServer = [.. link.Server.Sent], fromClient = [.. link.Client.Sent];
        foreach (byte[] datagram in fromServer.Concat(fromClient))
        {
            foreach (DtlsPeer victim in Both(link))
                victim.Endpoint.OnDatagram(datagram, link.Now);
        }
        Assert.Single(link.Server.Received);
        AssertAlive(link);
    }

    [Fact]
    public void Truncated_datagrams_do_not_end_a_connection()
    {
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client);
        byte[][] captured = [.. link.Client.Sent.Concat(link.Server.Sent)];
        foreach (byte[] datagram in captured)
        {
            for (int length = 0; length < datagram.Length; length++)
            {
                foreach (DtlsPeer victim in Both(link))
                    victim.Endpoint.OnDatagram(datagram.AsSpan(0, length), link.Now);
            }
        }
        AssertAlive(link);
    }

    [Fact]
    public void Mutated_datagrams_do_not_end_a_connection()
    {
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client);
        Assert.True(link.CarriesApplicationData());
        byte[][] captured = [.. link.Client.Sent.Concat(link.Server.Sent)];
        var random = new Random(20);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] datagram = Mutate(captured[random.Next(captured.Length)], random);
            (i % 2 == 0 ? link.Server : link.Client).Endpoint.OnDatagram(datagram, link.Now);
        }
        AssertAlive(link);
    }

    [Fact]
    public void Random_datagrams_do_not_end_a_connection()
    {
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client);
        var random = new Random(21);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] datagram = new byte[random.Next(1, 200)];
            random.NextBytes(datagram);
            if (i % 2 == 0)
                datagram = Record((byte)random.Next(20, 24), (ushort)random.Next(2), (ulong)random.Next(), datagram);
            (i % 4 < 2 ? link.Server : link.Client).Endpoint.OnDatagram(datagram, link.Now);
        }
        AssertAlive(link);
    }

    [Fact]
    public void Bad_client_hello_then_good_one_connects()
    {
        using var link = new DtlsLink(contexts.Server, contexts.Client);
        byte[] bad = ClientHelloCapture.Load("pion")[0];
        bad[HeaderLength + 12 + 34] = 200;  // session id longer than the message
        Assert.Equal(DropReason.DtlsIllegalRecord, link.Server.Endpoint.OnDatagram(bad, link.Now));
        Assert.Empty(link.Server.Sent);
        Assert.Equal(DtlsState.Handshaking, link.Server.Endpoint.State);

        link.Start();
        Assert.True(link.RunUntil(() => link.BothConnected, TimeSpan.FromSeconds(1)));
        AssertAlive(link);
    }

    [Fact]
    public void Mutated_client_hellos_then_good_one_connects()
    {
        var random = new Random(22);
        byte[][] captured = [.. ClientHelloCapture.Stacks.Select(ClientHelloCapture.Load).Where(d => d.Length == 1).Select(d => d[0])];
        int restarts = 0;
        for (int i = 0; i < 3_000; i++)
        {
            using var server = new DtlsPeer(contexts.Server, DtlsRole.Server);
            DropReason reason = server.Endpoint.OnDatagram(Mutate(captured[random.Next(captured.Length)], random), MonotonicTime.Zero);
            Assert.Null(server.Ended);
            if (reason != DropReason.DtlsIllegalRecord || server.Endpoint.State != DtlsState.Handshaking)
                continue;
            restarts++;
            server.Endpoint.OnDatagram(captured[0], MonotonicTime.Zero);
            Assert.NotEmpty(server.Sent);
        }
        Assert.InRange(restarts, 50, 3_000);
    }

    [Fact]
    public void Forged_plaintext_alert_does_not_disturb_a_server_handshake()
    {
        using var link = new DtlsLink(contexts.Server, contexts.Client);
        link.Start();
        Assert.True(link.RunUntil(() => link.Server.Sent.Count > 0, TimeSpan.FromSeconds(1)));
        for (ulong sequence = 0; sequence < 10; sequence++)
            Assert.Equal(DropReason.DtlsIllegalRecord, link.Server.Endpoint.OnDatagram(Record(Alert, 0, sequence, [2, 40]), link.Now));
        Assert.True(link.RunUntil(() => link.BothConnected, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Fatal_alert_ends_a_client_handshake_at_once()
    {
        using var link = new DtlsLink(contexts.Server, contexts.Client);
        link.Start();
        link.Client.Endpoint.OnDatagram(Record(Alert, 0, 0, [2, 40]), link.Now);
        Assert.Equal(DtlsEndReason.HandshakeFailed, link.Client.Ended);
        Assert.Equal(DtlsState.Failed, link.Client.Endpoint.State);
    }

    [Fact]
    public void Early_encrypted_records_are_capped_and_the_handshake_completes()
    {
        using var link = new DtlsLink(contexts.Server, contexts.Client);
        link.Start();
        Assert.True(link.RunUntil(() => link.Server.Sent.Count > 0, TimeSpan.FromSeconds(1)));
        for (ulong i = 0; i < 15; i++)
            Assert.Equal(DropReason.None, link.Server.Endpoint.OnDatagram(Record(ApplicationData, 1, 500 + i, new byte[60]), link.Now));
        Assert.True(link.RunUntil(() => link.BothConnected, TimeSpan.FromSeconds(1)));
        AssertAlive(link);
    }

    [Fact]
    public void More_early_encrypted_records_are_dropped()
    {
        using var server = new DtlsPeer(contexts.Server, DtlsRole.Server);
        DropReason[] reasons = [.. Enumerable.Range(0, 400).Select(i =>
            server.Endpoint.OnDatagram(Record(ApplicationData, 1, (ulong)i, new byte[60]), MonotonicTime.Zero))];
        Assert.Equal(16, reasons.Count(reason => reason == DropReason.None));
        Assert.Equal(384, reasons.Count(reason => reason == DropReason.DtlsTooManyEarlyRecords));
    }

    [Fact]
    public void Client_before_its_start_takes_nothing()
    {
        using var client = new DtlsPeer(contexts.Client, DtlsRole.Client);
        Assert.Equal(DropReason.DtlsIllegalRecord, client.Endpoint.OnDatagram(Record(Alert, 0, 0, [2, 40]), MonotonicTime.Zero));
        Assert.Equal(DtlsState.New, client.Endpoint.State);
    }

    private static DtlsPeer[] Both(DtlsLink link) => [link.Server, link.Client];

    private static void AssertAlive(DtlsLink link)
    {
        link.Run(TimeSpan.FromSeconds(1));
        Assert.Null(link.Server.Ended);
        Assert.Null(link.Client.Ended);
        Assert.True(link.CarriesApplicationData());
    }

    private static byte[] Mutate(byte[] datagram, Random random)
    {
        byte[] copy = [.. datagram];
        for (int flips = random.Next(1, 5); flips > 0; flips--)
            copy[random.Next(copy.Length)] = (byte)random.Next(256);
        return copy;
    }
}
