using MediaGateway.Platform.Dtls;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Dtls;

namespace MediaGateway.Platform.Tests.Dtls;

[Collection(DtlsCollection.Name)]
public sealed class DtlsLifecycleTests(DtlsContexts contexts)
{
    private static readonly DtlsOptions Defaults = new();

    [Theory]
    [InlineData(1)]
    [InlineData(1200)]
    public void Application_data_arrives_whole_both_ways(int length)
    {
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client);
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        Assert.True(link.Client.Endpoint.TrySend(data, link.Now));
        Assert.True(link.Server.Endpoint.TrySend(data, link.Now));
        link.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(data, Assert.Single(link.Server.Received));
        Assert.Equal(data, Assert.Single(link.Client.Received));
    }

    [Fact]
    public void Application_data_too_long_or_empty_is_refused_and_harmless()
    {
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client);
        Assert.False(link.Client.Endpoint.TrySend(new byte[1201], link.Now));
        Assert.False(link.Client.Endpoint.TrySend([], link.Now));
        Assert.True(link.CarriesApplicationData());
    }

    [Fact]
    public void Application_data_before_the_handshake_is_refused()
    {
        using var link = new DtlsLink(contexts.Server, contexts.Client);
        Assert.False(link.Client.Endpoint.TrySend("early"u8, link.Now));
        link.Start();
        Assert.False(link.Client.Endpoint.TrySend("early"u8, link.Now));
    }

    [Theory]
    [InlineData(DtlsRole.Server)]
    [InlineData(DtlsRole.Client)]
    public void Close_reaches_the_peer_which_answers(DtlsRole closer)
    {
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client);
        (DtlsPeer near, DtlsPeer far) = closer == DtlsRole.Server ? (link.Server, link.Client) : (link.Client, link.Server);
        far.Sent.Clear();
        near.Endpoint.Close(link.Now);
        Assert.Equal(DtlsEndReason.ClosedLocally, near.Ended);
        link.Run(TimeSpan.FromSeconds(1));

        Assert.Equal(DtlsEndReason.ClosedByPeer, far.Ended);
        Assert.Equal(DtlsState.Closed, far.Endpoint.State);
        Assert.Equal(DtlsRecords.Alert, Assert.Single(far.Sent)[0]);
        Assert.Equal((1, 1), (near.EndedCount, far.EndedCount));
    }

    [Fact]
    public void Close_before_the_handshake_says_nothing()
    {
        using var client = new DtlsPeer(contexts.Client, DtlsRole.Client);
        client.Endpoint.Close(MonotonicTime.Zero);
        Assert.Equal(DtlsEndReason.ClosedLocally, client.Ended);
        Assert.Empty(client.Sent);
        client.Endpoint.Start(MonotonicTime.Zero);
        Assert.Empty(client.Sent);
    }

    [Fact]
    public void Ended_endpoint_is_safe_to_call_and_silent()
    {
        using DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client);
        IDtlsEndpoint endpoint = link.Server.Endpoint;
        byte[] replay = link.Client.Sent[0];
        endpoint.Close(link.Now);
        link.Server.Sent.Clear();

        endpoint.Close(link.Now);
        endpoint.Start(link.Now);
        endpoint.OnTimeout(link.Now + TimeSpan.FromDays(1));
        Assert.Equal(DropReason.DtlsEnded, endpoint.OnDatagram(replay, link.Now));
        Assert.False(endpoint.TrySend("late"u8, link.Now));
        Assert.True(endpoint.NextTimeout.IsNever);
        Assert.Empty(link.Server.Sent);
        Assert.Equal(1, link.Server.EndedCount);
    }

    [Theory]
    [InlineData(DtlsRole.Server)]
    [InlineData(DtlsRole.Client)]
    public void Handshake_deadline_runs_from_the_first_datagram(DtlsRole role)
    {
        using var peer = new DtlsPeer(role == DtlsRole.Server ? contexts.Server : contexts.Client, role);
        MonotonicTime first = MonotonicTime.FromMilliseconds(500_000), deadline = first + Defaults.HandshakeDeadline;
        if (role == DtlsRole.Server)
        {
            peer.Endpoint.Start(MonotonicTime.Zero);
            peer.Endpoint.OnTimeout(first);
            peer.Endpoint.OnDatagram(ClientHelloCapture.Load("chromium")[0], first);
        }
        else
        {
            peer.Endpoint.Start(first);
        }
        Assert.True(peer.Endpoint.NextTimeout > first && peer.Endpoint.NextTimeout <= deadline);
        peer.Endpoint.OnTimeout(deadline - TimeSpan.FromTicks(1));
        Assert.Null(peer.Ended);
        peer.Endpoint.OnTimeout(deadline);
        Assert.Equal(DtlsEndReason.HandshakeTimeout, peer.Ended);
        Assert.Equal(DtlsState.Failed, peer.Endpoint.State);
    }

    [Theory]
    [InlineData(DtlsRole.Server)]
    [InlineData(DtlsRole.Client)]
    public void Time_that_the_process_stood_still_does_not_count_for_the_handshake(DtlsRole role)
    {
        using var peer = new DtlsPeer(role == DtlsRole.Server ? contexts.Server : contexts.Client, role);
        peer.Endpoint.OnStandstill(TimeSpan.FromSeconds(100), MonotonicTime.FromMilliseconds(400_000));
        MonotonicTime first = MonotonicTime.FromMilliseconds(500_000);
        peer.Endpoint.Start(first);
        if (role == DtlsRole.Server)
            peer.Endpoint.OnDatagram(ClientHelloCapture.Load("chromium")[0], first);
        TimeSpan stood = TimeSpan.FromSeconds(100);
        MonotonicTime deadline = first + Defaults.HandshakeDeadline + stood;
        peer.Endpoint.OnStandstill(stood, first + TimeSpan.FromSeconds(10) + stood);
        peer.Endpoint.OnTimeout(deadline - TimeSpan.FromTicks(1));
        Assert.Null(peer.Ended);
        peer.Endpoint.OnTimeout(deadline);
        Assert.Equal(DtlsEndReason.HandshakeTimeout, peer.Ended);
    }

    [Fact]
    public void Bad_client_hellos_do_not_move_the_deadline()
    {
        using var server = new DtlsPeer(contexts.Server, DtlsRole.Server);
        byte[] bad = BadClientHello();
        for (int second = 0; second < 30; second++)
            Assert.Equal(DropReason.DtlsIllegalRecord, server.Endpoint.OnDatagram(bad, MonotonicTime.FromMilliseconds(second * 1000)));
        Assert.Equal(MonotonicTime.Zero + Defaults.HandshakeDeadline, server.Endpoint.NextTimeout);
        server.Endpoint.OnTimeout(server.Endpoint.NextTimeout);
        Assert.Equal(DtlsEndReason.HandshakeTimeout, server.Ended);
    }

    [CallerClockFact]
    public void Client_without_an_answer_times_out()
    {
        using var client = new DtlsPeer(contexts.Client, DtlsRole.Client);
        client.Endpoint.Start(MonotonicTime.Zero);
        MonotonicTime now = MonotonicTime.Zero;
        while (client.Ended is null)
        {
            now = client.Endpoint.NextTimeout;
            Assert.True(now <= MonotonicTime.Zero + Defaults.HandshakeDeadline);
            client.Endpoint.OnTimeout(now);
        }
        Assert.Equal(DtlsEndReason.HandshakeTimeout, client.Ended);
        Assert.True(now > MonotonicTime.FromMilliseconds(20_000));
    }

    [Fact]
    public void Dispose_from_inside_any_callback_is_safe()
    {
        for (int when = 0; when < 4; when++)
        {
            using var link = new DtlsLink(contexts.Server, contexts.Client);
            Action<byte[]> carry = link.Server.OnSend!;
            int calls = 0;
            if (when == 0)
                link.Server.OnSend = _ => link.Server.Dispose();
            else if (when == 1)
                link.Server.OnConnected = link.Server.Dispose;
            else if (when == 2)
                link.Server.OnReceived = _ => link.Server.Dispose();
            else
                link.Server.OnSend = datagram => { carry(datagram); if (++calls == 2) link.Server.Dispose(); };
            link.Start();
            link.Run(TimeSpan.FromSeconds(1));
            link.Client.Endpoint.TrySend("x"u8, link.Now);
            link.Run(TimeSpan.FromSeconds(1));
            Assert.Equal(DtlsState.Closed, link.Server.Endpoint.State);
            Assert.Null(link.Server.Ended);
        }
        Assert.Equal(0, DatagramBio.LiveCount);
    }

    [Fact]
    public void Close_from_inside_the_connected_callback_ends_both()
    {
        using var link = new DtlsLink(contexts.Server, contexts.Client);
        link.Server.OnConnected = () => link.Server.Endpoint.Close(link.Now);
        link.Start();
        link.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(DtlsEndReason.ClosedLocally, link.Server.Ended);
        Assert.Equal(DtlsEndReason.ClosedByPeer, link.Client.Ended);
    }

    [Fact]
    public void Two_thousand_pairs_leak_nothing()
    {
        Assert.Equal(0, DatagramBio.LiveCount);
        for (int i = 0; i < 2000; i++)
        {
            using var link = new DtlsLink(contexts.Server, contexts.Client);
            link.Start();
            Assert.True(link.RunUntil(() => link.BothConnected, TimeSpan.FromSeconds(1)));
            Assert.Equal(2, DatagramBio.LiveCount);
            if (i % 2 == 0)
                link.Server.Endpoint.Close(link.Now);
            link.Dispose();
            Assert.Equal(0, DatagramBio.LiveCount);
        }
    }

    [Fact]
    public void Starting_over_leaks_nothing()
    {
        byte[] bad = BadClientHello();
        using (var server = new DtlsPeer(contexts.Server, DtlsRole.Server))
        {
            for (int i = 0; i < 1000; i++)
                Assert.Equal(DropReason.DtlsIllegalRecord, server.Endpoint.OnDatagram(bad, MonotonicTime.Zero));
            Assert.Equal(1, DatagramBio.LiveCount);
        }
        Assert.Equal(0, DatagramBio.LiveCount);
    }

    [Fact]
    public void Disposed_twice_frees_once()
    {
        DtlsLink link = DtlsLink.Connected(contexts.Server, contexts.Client);
        link.Dispose();
        link.Dispose();
        Assert.Equal(0, DatagramBio.LiveCount);
    }

    [Fact]
    public void Context_may_go_before_its_endpoints()
    {
        using DtlsCertificate certificate = DtlsCertificate.CreateSelfSigned(TimeProvider.System);
        var context = new OpenSslDtlsContext(certificate);
        using var link = new DtlsLink(context, contexts.Client);
        context.Dispose();
        byte[] bad = BadClientHello();
        Assert.Equal(DropReason.DtlsIllegalRecord, link.Server.Endpoint.OnDatagram(bad, link.Now));
        link.Start();
        Assert.True(link.RunUntil(() => link.BothConnected, TimeSpan.FromSeconds(1)));
    }

    /// <summary>Well-formed to the filter; its session id is longer than the message.</summary>
    private static byte[] BadClientHello()
    {
        byte[] datagram = ClientHelloCapture.Load("pion")[0];
        datagram[DtlsRecords.HeaderLength + 12 + 34] = 200;
        return datagram;
    }
}
