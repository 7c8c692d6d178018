using System.Diagnostics;
using MediaGateway.Platform.Dtls;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Dtls;

namespace MediaGateway.Platform.Tests.Dtls;

[Collection(DtlsCollection.Name)]
public sealed class DtlsLossTests(DtlsContexts contexts)
{
    [CallerClockFact]
    public void Handshake_completes_over_a_bad_path_for_200_seeds()
    {
        var faults = new DtlsLinkFaults
        {
            Loss = 0.25,
            Duplication = 0.1,
            MinDelay = TimeSpan.FromMilliseconds(5),
            MaxDelay = TimeSpan.FromMilliseconds(80),
        };
        for (int seed = 0; seed < 200; seed++)
        {
            var options = new DtlsOptions { Mtu = seed % 2 == 0 ? 1200 : 300 };
            using var link = new DtlsLink(contexts.Server, contexts.Client, options, options, faults, seed);
            link.Start();
            bool connected = link.RunUntil(() => link.BothConnected, options.HandshakeDeadline);
            Assert.True(connected, $"seed {seed}: server {link.Server.Endpoint.State}, client {link.Client.Endpoint.State}");
            Assert.Equal(link.Server.Result!.LocalKey, link.Client.Result!.RemoteKey);
        }
    }

    [CallerClockFact]
    public void Lost_flight_is_repeated_after_100_ms_then_doubling_up_to_3_s()
    {
        using var client = new DtlsPeer(contexts.Client, DtlsRole.Client);
        client.Endpoint.Start(MonotonicTime.Zero);
        Assert.Single(client.Sent);

        long[] expected = [100, 300, 700, 1500, 3100, 6100, 9100];
        foreach (long due in expected)
        {
            MonotonicTime at = MonotonicTime.FromMilliseconds(due);
            Assert.Equal(at, client.Endpoint.NextTimeout);
            client.Sent.Clear();
            client.Endpoint.OnTimeout(at - TimeSpan.FromMilliseconds(1));
            Assert.Empty(client.Sent);
            client.Endpoint.OnTimeout(at);
            Assert.NotEmpty(client.Sent);
        }
    }

    [CallerClockFact]
    public void Server_repeats_its_lost_flight()
    {
        using var server = new DtlsPeer(contexts.Server, DtlsRole.Server);
        server.Endpoint.Start(MonotonicTime.Zero);
        Assert.True(server.Endpoint.NextTimeout.IsNever);
        foreach (byte[] datagram in ClientHelloCapture.Load("chromium"))
            server.Endpoint.OnDatagram(datagram, MonotonicTime.FromMilliseconds(1000));
        server.Sent.Clear();

        Assert.Equal(MonotonicTime.FromMilliseconds(1100), server.Endpoint.NextTimeout);
        server.Endpoint.OnTimeout(MonotonicTime.FromMilliseconds(1100));
        Assert.NotEmpty(server.Sent);
        Assert.Equal(MonotonicTime.FromMilliseconds(1300), server.Endpoint.NextTimeout);
    }

    [CallerClockFact]
    public void Lost_last_flight_is_repeated_when_the_client_repeats_its_own()
    {
        using var link = new DtlsLink(contexts.Server, contexts.Client);
        link.Server.OnConnected = () => Assert.NotEmpty(link.Server.Sent);
        Action<byte[]> carry = link.Server.OnSend!;
        bool lost = false;
        link.Server.OnSend = datagram =>
        {
            bool isLastFlight = datagram[0] == DtlsRecords.ChangeCipherSpec;
            if (isLastFlight && !lost)
                lost = true;
            else
                carry(datagram);
        };
        link.Start();
        Assert.True(link.RunUntil(() => link.BothConnected, TimeSpan.FromSeconds(1)));
        Assert.True(lost);
        Assert.True(link.CarriesApplicationData());
    }

    [Fact]
    public void Library_clock_repeats_a_lost_flight_in_real_time()
    {
        using DtlsCertificate certificate = DtlsCertificate.CreateSelfSigned(TimeProvider.System);
        using var context = new OpenSslDtlsContext(certificate, DtlsClock.Library);
        using var client = new DtlsPeer(context, DtlsRole.Client, new DtlsOptions { FirstRetransmission = TimeSpan.FromMilliseconds(40) });
        var clock = Stopwatch.StartNew();
        client.Endpoint.Start(Now());
        Assert.False(client.Endpoint.NextTimeout.IsNever);
        Assert.True(client.Endpoint.NextTimeout <= Now() + TimeSpan.FromMilliseconds(40));

        for (int repeats = 0; repeats < 2; repeats++)
        {
            client.Sent.Clear();
            bool repeated = SpinWait.SpinUntil(
                () =>
                {
                    if (client.Endpoint.NextTimeout <= Now())
                        client.Endpoint.OnTimeout(Now());
                    return client.Sent.Count > 0;
                },
                TimeSpan.FromSeconds(10));
            Assert.True(repeated);
        }

        MonotonicTime Now() => new(clock.Elapsed.Ticks);
    }

    [Fact]
    public void Library_clock_handshake_connects()
    {
        using DtlsCertificate certificate = DtlsCertificate.CreateSelfSigned(TimeProvider.System);
        using var context = new OpenSslDtlsContext(certificate, DtlsClock.Library);
        using DtlsLink link = DtlsLink.Connected(context, context);
        Assert.True(link.CarriesApplicationData());
    }
}
